"""Google's patents-public-data on BigQuery."""
