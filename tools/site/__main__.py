"""Builds the site into a folder, `build/site` by default.

uv run --only-group docs python -m tools.site              # fails on any warning and any broken link
uv run --only-group docs python -m tools.site --external   # asks all other sites that it links to
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import tomllib
from sphinx.application import Sphinx

from tools.site.accessibility import complete
from tools.site.links import broken_links
from tools.site.pages import assemble

ROOT = Path(__file__).parents[2]


def build(output: Path, builder: str = "html") -> int:
    """Build the site and return Sphinx's status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "pages"
        assemble(ROOT, source, project["urls"]["Repository"])
        options = {
            "project": project["name"],
            "release": project["version"],
            "html_title": f"{project['name']} {project['version']}",
            "extensions": ["myst_parser", "tools.site.diagrams"],
            "myst_heading_anchors": 4,
            "html_theme": "furo",
            "html_static_path": [str(Path(__file__).parent / "static")],
            "html_css_files": ["site.css"],
            "html_copy_source": False,
            "html_show_sphinx": False,
        }
        app = Sphinx(source, None, output, Path(folder) / "trees", builder, options, status=None, warningiserror=True)
        app.build()
    return int(app.statuscode)


def main(arguments: list[str] | None = None) -> None:
    """Build, and check the links."""
    parser = argparse.ArgumentParser(prog="tools.site", description=__doc__.partition("\n")[0])
    parser.add_argument("output", nargs="?", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--external", action="store_true", help="ask the other sites that it links to, build nothing")
    chosen = parser.parse_args(arguments)
    status = build(chosen.output, "linkcheck" if chosen.external else "html")
    if not chosen.external:
        complete(chosen.output)
    broken = [] if chosen.external else broken_links(chosen.output)
    print("\n".join(broken) or chosen.output / "index.html")  # noqa: T201
    sys.exit(bool(status or broken))


if __name__ == "__main__":
    main()
