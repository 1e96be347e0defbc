"""The publication: its schema, numbers, codes and families, and how many sources become one table."""
