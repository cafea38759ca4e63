"""An imitation of MaestroQA."""
