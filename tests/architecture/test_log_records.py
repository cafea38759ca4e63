"""What our log records carry: nothing that collides with structlog, by which Meltano reads them again."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
TAKEN = {"event", "level", "logger", "name", "timestamp", "exc_info", "stack_info", "exception", "stack", "self"}
TAKEN |= {"positional_args", "method_name", "log_level", "_record", "_from_structlog", "_logger", "_name"}
"""Names of structlog's own; as an `extra`, `event` ends a whole `meltano run` with a TypeError."""


def wrong_extras(code: str) -> list[str]:
    """Return what is passed as `extra` to any call and is not known to be harmless."""
    found: list[str] = []
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            if keyword.arg != "extra":
                continue
            if not isinstance(keyword.value, ast.Dict):
                found.append(ast.unparse(keyword.value))
                continue
            names = [key.value if isinstance(key, ast.Constant) else None for key in keyword.value.keys]
            found += [str(name) for name in names if name is None or name in TAKEN]
    return found


def test_no_log_record_carries_a_name_of_structlogs() -> None:
    files = [path for package in ("tap_qa", "target_qa") for path in (ROOT / package).rglob("*.py")]
    assert len(files) > 50
    found = {path.name: wrong for path in files if (wrong := wrong_extras(path.read_text(encoding="utf-8")))}
    assert found == {}


def test_the_scan_sees_what_it_is_for() -> None:
    assert wrong_extras("log.info('a', extra={'event': 1, 'stream': 2})") == ["event"]
    assert wrong_extras("log.info('a', extra=given)") == ["given"]
    assert wrong_extras("log.info('a', extra={**given})") == ["None"]
    assert wrong_extras("log.info('a', extra={'stream': 1})") == []
