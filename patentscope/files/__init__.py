"""What a user has on disk: one file per format. Vendors die at this door."""
