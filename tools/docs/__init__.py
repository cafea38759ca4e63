"""Generates what repeats settings and streams: meltano.yml, README tables, .env.example."""
