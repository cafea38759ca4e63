"""Programs for developers: what they write is committed, and the tests check that it is up to date."""
