"""Where the heavy pass runs: DuckDB on this machine, Spark when the records outgrow it."""
