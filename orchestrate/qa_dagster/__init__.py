"""tap-qa under Dagster: years of history in windows on many workers, the daily sync, and the marts behind it."""
