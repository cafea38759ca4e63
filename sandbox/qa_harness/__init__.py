"""Runs tap and target in process, on a clock that jumps; for tests and benchmarks."""
