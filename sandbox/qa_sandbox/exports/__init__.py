"""What the vendors with export jobs share: typed rows, CSV files, job plans, pacing, the host of the files."""
