"""Rows to records: single values, whole rows, many rows at once, and keys for rows without an id."""
