"""Builds the site of the documents: complete, without a network at view time, and without a broken link."""
