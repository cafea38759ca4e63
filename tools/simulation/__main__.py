"""The command `python -m tools.simulation`: prints what docs/scale.md shows."""

from tools.simulation.report import tables

if __name__ == "__main__":
    print(tables())  # noqa: T201
