"""The rows that are read."""
