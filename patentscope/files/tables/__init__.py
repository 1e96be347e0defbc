"""Typed tables: parquet of our own, BigQuery exports, PATSTAT."""
