"""The text model: its features, members, stack and card."""
