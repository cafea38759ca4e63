"""What tests share: reviewed snapshots, and the comparison with the expected records."""
