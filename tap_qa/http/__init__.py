"""HTTP as every vendor needs it: attempts, waits, tokens, pacing and clear failures."""
