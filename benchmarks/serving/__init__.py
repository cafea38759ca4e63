"""A local server that gives every competitor the same bytes."""
