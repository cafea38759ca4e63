"""What a vendor accepts, and how each object is created exactly once."""
