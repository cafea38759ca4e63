"""Simulates years of history of many accounts under vendors' quotas and an engine's pools: what is the bottleneck?"""
