"""HTTP as every vendor needs it: tries, waits, tokens, pacing and clear failures."""
