"""Tables in files: CSV, bare or in a zip, checked whole before the first row is handed out."""
