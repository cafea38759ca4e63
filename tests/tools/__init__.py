"""Tests of what generates documents and models."""
