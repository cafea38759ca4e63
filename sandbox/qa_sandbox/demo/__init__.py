"""The command `demo`: real Meltano, a real PostgreSQL and the simulated vendors."""
