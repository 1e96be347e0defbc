"""The Lens API."""
