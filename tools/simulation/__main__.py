"""The command `python -m tools.simulation`: prints the tables, or writes them into docs/scale.md."""

from __future__ import annotations

import argparse

from tools.simulation import report


def main(arguments: list[str] | None = None) -> None:
    """Simulate."""
    parser = argparse.ArgumentParser(prog="tools.simulation", description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    if parser.parse_args(arguments).write:
        report.PAGE.write_text(report.page(), encoding="utf-8")
    else:
        print(report.tables())  # noqa: T201


if __name__ == "__main__":
    main()
