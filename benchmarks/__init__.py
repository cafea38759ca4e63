"""How much tap-qa costs, against the least that the same work takes and against other tools; see `__main__`."""
