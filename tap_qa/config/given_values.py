"""What was given for the settings, in one form: merged, without what counts as not given, without stray characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
"""Unicode's categories of what can't be seen: controls, marks of direction, spaces."""

_QUOTES = frozenset("\"'`")


def drop_unset(config: Mapping[str, Any], vendors: Collection[str]) -> dict[str, Any]:
    """Return a config without what counts as not given: null and blank texts, at the top and in vendors' objects.

    So variables arrive that are set to nothing. A vendor's object that holds nothing else counts as not given, too.
    """
    given: dict[str, Any] = {}
    for name, value in config.items():
        if name in vendors and isinstance(value, Mapping):
            own = {key: each for key, each in value.items() if not _is_unset(each)}
            if own or not value:
                given[name] = own
        elif not _is_unset(value):
            given[name] = value
    return given


def clean(config: Mapping[str, Any], vendors: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """Return a config whose texts have no invisible characters at their ends, and whose whole numbers are integers.

    Stream maps and the like stay as they are: their texts are the user's own.

    Returns:
        The config, and the names of the settings from which characters were taken.
    """
    trimmed: list[str] = []
    made = {
        name: _clean(value, name, trimmed) if name in vendors or not isinstance(value, (Mapping, list)) else value
        for name, value in config.items()
    }
    return made, trimmed


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return two configs as one, object by object; where both give a value, the second one's counts."""
    made = dict(base)
    for name, value in over.items():
        known = made.get(name)
        made[name] = merge(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return made


def character_problems(own: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    """Find texts of a vendor's object with invisible characters or quotes around, and secrets that no header takes."""
    for name, value in own.items():
        if not isinstance(value, str):
            continue
        strange = [char for char in value if char != " " and unicodedata.category(char) in _INVISIBLE]
        if strange:
            yield f"{name} holds a character that can't be seen (U+{ord(strange[0]):04X}); copy it once more."
        elif declared.get(name, {}).get("secret") and not value.isascii():
            yield f"{name} holds a character that is not ASCII, which no secret does; copy it once more."
        elif len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
            yield f"{name} stands in quotation marks that became part of it; leave them out."


def _is_unset(value: object) -> bool:
    return value is None or (isinstance(value, str) and not _trim(value))


def _clean(value: Any, path: str, trimmed: list[str]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        text = _trim(value)
        if text != value:
            trimmed.append(path)
        return text
    if isinstance(value, list):
        return [_clean(each, path, trimmed) for each in value]
    if isinstance(value, Mapping):
        return {name: _clean(each, f"{path}.{name}", trimmed) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _trim(text: str) -> str:
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start]) in _INVISIBLE:
        start += 1
    while end > start and unicodedata.category(text[end - 1]) in _INVISIBLE:
        end -= 1
    return text[start:end]
