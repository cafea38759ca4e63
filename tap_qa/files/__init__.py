"""Downloaded files: archives and CSV tables, checked from start to end before a row goes out."""
