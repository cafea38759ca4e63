"""Checks the wording of all that a user reads: our own words, and common slips."""
