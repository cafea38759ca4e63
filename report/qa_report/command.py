"""The command `qa-report`: writes one HTML page over the marts.

The page opens from its file, in any browser, without a network. It names agents and evaluators, unless
--without-names is given: keep it as you keep the tables.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from qa_report.page import write_page
from qa_report.warehouse import ReportError, open_duckdb, open_postgres

FAILED = 1


def main(arguments: list[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="qa-report", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--duckdb", metavar="FILE", type=Path, help="the file that dbt built the marts in")
    source.add_argument(
        "--postgres",
        metavar="URL",
        nargs="?",
        const="",
        help="as postgresql://user@host/database; without a URL, PGHOST, PGUSER, PGPASSWORD and PGDATABASE say where",
    )
    parser.add_argument("--schema", default=os.environ.get("QA_MARTS_SCHEMA", "qa"), help="of the marts; default: qa")
    parser.add_argument(
        "--output", metavar="FILE", type=Path, default=Path("qa-report.html"), help="default: %(default)s"
    )
    parser.add_argument(
        "--without-names", action="store_true", help="call agents and evaluators by a part of their key"
    )
    options = parser.parse_args(arguments)
    opened = (
        open_duckdb(options.duckdb, options.schema)
        if options.duckdb
        else open_postgres(options.postgres, options.schema)
    )
    try:
        with opened as warehouse:
            write_page(warehouse, options.output, names=not options.without_names)
    except (ReportError, OSError) as error:
        print(f"qa-report: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(FAILED)
    print(options.output.resolve())  # noqa: T201 - the command's output


if __name__ == "__main__":
    main()
