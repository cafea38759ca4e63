"""HTTP for every vendor: attempts, retries, rate limits, tokens and clear errors."""
