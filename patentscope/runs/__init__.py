"""What one does with a run that exists: check, show, compare, label, verify."""
