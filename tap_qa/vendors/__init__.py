"""One package per vendor; each holds only what is peculiar to its API."""
