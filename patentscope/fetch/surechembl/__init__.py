"""SureChEMBL: its search, and its bulk files."""
