"""Probes: what a vendor's account shows of facts that no public document settles."""
