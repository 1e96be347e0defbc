"""The USPTO Open Data Portal."""
