"""An imitation of Canary Speech."""
