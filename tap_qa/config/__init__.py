"""The settings: declared once, read from files and the environment, and checked."""
