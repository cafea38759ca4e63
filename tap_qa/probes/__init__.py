"""Probes: what a vendor's account tells about facts that no public document settles."""
