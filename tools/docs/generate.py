"""Writes what repeats the tap's settings and streams: blocks of `meltano.yml` and documents, `.env.example`, staging.

It also gives the schema files their form.

`uv run python -m tools.docs` writes them, with `--check` it only says what is out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tools.docs.definitions import as_yaml, extractor_definition, loader_definition
from tools.docs.examples import FILE, examples_text
from tools.docs.hub import hub_files
from tools.docs.markdown import COMMAND, VENDORS
from tools.docs.plugin_facts import PluginFacts, Setting, tap_facts, target_facts
from tools.docs.schema_form import schema_files
from tools.docs.stream_pages import leftover_pages, stream_pages
from tools.docs.tables import blocks, pages, plain
from tools.transform.staging import leftover_files, staging_files
from tools.transform.utilities import dbt_utilities

EXAMPLES = {"integer": "3", "array": "[]", "object": "{}", "boolean": "false", "date-time": "2026-02-01T00:00:00Z"}
POSTGRES = {
    "HOST": "localhost",
    "PORT": "5432",
    "USER": "replace-me",
    "PASSWORD": "replace-me",
    "DATABASE": "replace-me",
}
URL = re.compile(r"https://[\w./-]*\w")
YAML_INDENT = " " * 6


def env_example(tap: PluginFacts, target: PluginFacts) -> str:
    """Return `.env.example`: every setting, ready to be uncommented."""
    lines = [
        "# Copy to `.env` (never commit it), uncomment what you need; Meltano reads it from the project's folder.",
        "# Every line may be uncommented as it is: a blank counts as not set, the others hold a default or an example.",
        f"# Written by `{COMMAND}`.",
        "",
        "# Of every sync; an instant without an offset means UTC.",
        "TAP_QA_START_DATE=2026-01-01T00:00:00Z",
        *_examples(tap, "", but="start_date"),
    ]
    for vendor in tap.vendors:
        lines += ["", f"# {VENDORS.get(vendor, vendor)}: what it cannot do without, then what it can."]
        lines += _examples(tap, vendor)
    lines += [
        "",
        "# The PostgreSQL database that `meltano run tap-qa target-postgres` fills.",
        *(f"# TARGET_POSTGRES_{name}={value}" for name, value in POSTGRES.items()),
        "",
        "# What `target-qa` writes to; see docs/target-qa.md before you use it.",
        *(line for group in ("", *target.vendors) for line in _examples(target, group)),
    ]
    return "\n".join(lines) + "\n"


def _examples(facts: PluginFacts, group: str, but: str = "") -> list[str]:
    chosen = [each for each in facts.settings if each.group == group and not each.sdk and each.name != but]
    return [_example(setting) for setting in sorted(chosen, key=lambda setting: not setting.required)]


def _example(setting: Setting) -> str:
    """Return a line that works uncommented: Meltano takes no blank for anything but a text."""
    value = plain(setting.default)
    if setting.default is None:  # which is nothing that could be given
        value = EXAMPLES.get(setting.type, "")
    if not value and setting.required:
        link = URL.search(setting.description)
        value = link[0] if link else "replace-me"
    return f"# {setting.variable}={value}"


def generated(root: Path, tap: PluginFacts, target: PluginFacts) -> dict[Path, str]:
    """Return the whole text that each of the files should have."""
    meltano = root / "meltano.yml"
    plan = meltano.read_text(encoding="utf-8")
    for plugin, block in (("tap-qa", extractor_definition(tap)), ("target-qa", loader_definition(target))):
        start, end = f"written of {plugin} by `{COMMAND}`\n", f"{YAML_INDENT}# end of what is written of {plugin}\n"
        plan = between(plan, start, end, as_yaml(block, YAML_INDENT))
    start, end = f"written of dbt by `{COMMAND}`\n", f"{' ' * 4}# end of what is written of dbt\n"
    plan = between(plan, start, end, dbt_utilities(root))
    keys = {stream.name: stream.keys for stream in tap.streams}
    return {
        meltano: plan,
        root / ".env.example": env_example(tap, target),
        **pages(root, blocks(root, tap, target)),
        **stream_pages(root, tap),
        **staging_files(root, keys),
        **schema_files(root),
        **hub_files(root, tap, target),
    }


def between(text: str, start: str, end: str, new: str) -> str:
    """Return `text` with what stands between two markers replaced.

    Raises:
        ValueError: A marker is missing.
    """
    head, found_start, rest = text.partition(start)
    _, found_end, tail = rest.partition(end)
    if not (found_start and found_end):
        msg = f"No block between {start.strip()!r} and {end.strip()!r}"
        raise ValueError(msg)
    return f"{head}{start}{new}{end}{tail}"


def out_of_date(root: Path) -> dict[Path, str]:
    """Return the files that are not what the tap says, with the text that they should have; none if they should go."""
    files = generated(root, tap_facts(), target_facts())
    stale = {
        path: text for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    return {**stale, **dict.fromkeys([*leftover_files(root, files), *leftover_pages(root, files)], "")}


def main(arguments: list[str] | None = None) -> None:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(prog="tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something is out of date")
    parser.add_argument(
        "--examples", action="store_true", help="the rows that pages show, too, which come from the sandbox"
    )
    options = parser.parse_args(arguments)
    root = Path.cwd()
    if options.examples and not options.check:
        (root / FILE).write_text(examples_text(), encoding="utf-8")
    stale = out_of_date(root)
    if options.examples and options.check and (root / FILE).read_text(encoding="utf-8") != examples_text():
        stale[root / FILE] = ""
    for path, text in stale.items():
        print(f"{path.name} is out of date" if options.check else f"{path.name} written")  # noqa: T201
        if options.check:
            continue
        if text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink()
    sys.exit(bool(stale and options.check))


if __name__ == "__main__":
    main()
