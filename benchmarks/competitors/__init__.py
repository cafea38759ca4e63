"""Programs that read what tap-qa reads, each in an environment of its own."""
