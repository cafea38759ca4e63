"""Paged lists: pages, what leads to the next, and the proof that a list was read consistently."""
