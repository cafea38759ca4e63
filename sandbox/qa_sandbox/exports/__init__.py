"""What the vendors with export jobs share: typed rows, CSV files, job plans, pacing and the host that serves the files."""
