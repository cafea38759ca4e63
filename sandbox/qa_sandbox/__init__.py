"""Loopback imitations of the QA vendors, for tests, the demo and trying the tap without an account."""
