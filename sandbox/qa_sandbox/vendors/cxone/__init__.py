"""An imitation of NICE CXone."""
