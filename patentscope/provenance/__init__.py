"""Where each number came from: ledger, hashes, the run's folder, and writing whole files."""
