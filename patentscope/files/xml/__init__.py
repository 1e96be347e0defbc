"""Patent documents in XML: EPO exchange documents and USPTO Red Book."""
