"""What tests stand on: a clock that obeys, runs of the tap, a destination, and the comparison with the truth."""
