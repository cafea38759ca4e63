"""What a run shares: clock, waits, progress, summary, redaction, exit status."""
