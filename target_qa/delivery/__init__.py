"""What the sinks of a run share, and the records that were rejected."""
