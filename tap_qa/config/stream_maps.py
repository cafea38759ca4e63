"""Stream maps that would not do what they say: unknown names, entries that replace each other.

A map often hides personal data, so one that does not bite is an error before anything is read.
"""

from __future__ import annotations

import ast
import contextlib
import fnmatch
import importlib.util
import json
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import ConfigValidationError, MapExpressionError, StreamMapConfigError
from singer_sdk.mapper import CustomStreamMap

from tap_qa.config.json_object import shown
from tap_qa.config.spelling import is_meant, nearest
from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from singer_sdk.mapper import StreamMap

    Columns = Mapping[str, Collection[str]]

_REMOVED = (None, "__NULL__")
_SOURCE = "__source__"
FILTER = "__filter__"
_RECORD = ("_", "record")
_FUNCTIONS = ("md5", "sha256", "datetime", "bool", "json", "rand", "randint", "int", "float", "str")
_NAMES = {*_RECORD, *_FUNCTIONS, "config", "fake", "__stream_name__", "__original_stream_name__"}
"""What the SDK's evaluator knows beside columns."""

_MISSPELT_FROM = 0.9


def check_maps(maps: object, streams: Columns, *, are_all: bool = True) -> None:
    """Make sure that stream maps do what they say; for the arguments see `map_problems`.

    Raises:
        ConfigValidationError: They don't.
    """
    if isinstance(maps, Mapping) and (found := list(map_problems(maps, streams, are_all=are_all))):
        message = "Config validation failed"
        raise ConfigValidationError(message, errors=found)


def map_problems(maps: Mapping[str, Any], streams: Columns, *, are_all: bool = True) -> Iterator[str]:
    """Find what is wrong with stream maps, a line each.

    Args:
        maps: The setting.
        streams: Streams with the names of their columns.
        are_all: Whether there are no others, so that an entry for another is an error.
    """
    primary: dict[str, list[str]] = {}
    for key, entry in maps.items():
        if key.startswith("__"):
            continue  # the SDK's own, which it checks
        source = _source(key, entry)
        matching = [name for name in streams if is_for(key, entry, name)]
        if not matching and are_all:
            yield f"stream_maps.{shown(key)}: {shown(source)} is not a stream; {is_meant(source, streams)}"
        if not isinstance(entry, Mapping) or _SOURCE not in entry:
            for name in matching:
                primary.setdefault(name, []).append(key)
        if isinstance(entry, Mapping) and matching:
            yield from _entry_problems(key, entry, {name: streams[name] for name in matching})
    yield from _overlaps(maps, primary)


def is_for(key: str, entry: object, stream: str) -> bool:
    """Return whether an entry of stream maps is for a stream."""
    return fnmatch.fnmatchcase(stream, _source(key, entry))


def _source(key: str, entry: object) -> str:
    return str(entry.get(_SOURCE, key)) if isinstance(entry, Mapping) else key


@contextlib.contextmanager
def map_errors() -> Iterator[None]:
    """Turn what the SDK raises of a stream map into one line."""
    try:
        yield
    except (MapExpressionError, StreamMapConfigError, NotImplementedError) as error:
        raise SettingsError("stream_maps", str(error)) from None
    except (AttributeError, TypeError, ValueError) as error:
        raise SettingsError("stream_maps", f"they can't be used ({type(error).__name__}).") from None


def guard_expressions(maps: Mapping[str, Iterable[StreamMap]]) -> None:
    """Make each expression that fails say which one it is, without what it was given."""
    for stream, all_of_it in maps.items():
        for one in all_of_it:
            if isinstance(one, CustomStreamMap) and "_eval" not in vars(one):  # once only
                _guard(stream, one)


def _guard(stream: str, custom: CustomStreamMap) -> None:
    evaluate = custom._eval  # noqa: SLF001 - the one place that all expressions pass

    def guarded(expr: str, expr_parsed: ast.Expr, record: dict[str, Any], property_name: str | None) -> Any:  # noqa: ANN401 - any
        try:
            return evaluate(expr, expr_parsed, record, property_name)
        except Exception as error:  # noqa: BLE001 - whatever a user's expression does
            cause = error.__cause__ or error
            what = f"{stream}.{shown(property_name or FILTER)}: the expression fails with {type(cause).__name__}."
            raise SettingsError("stream_maps", what, "It must hold for every record; values may be null.") from None

    custom._eval = guarded  # type: ignore[method-assign] # noqa: SLF001 - closures of the SDK look it up here


# One entry


def _entry_problems(key: str, entry: Mapping[str, Any], streams: Columns) -> Iterator[str]:
    everything = sorted({column for columns in streams.values() for column in columns})
    for column, expression in entry.items():
        place = f"stream_maps.{shown(key)}.{shown(column)}"
        if column.startswith("__") and column != FILTER:
            continue
        if expression in _REMOVED:
            if column not in everything and column != FILTER:
                yield f"{place}: there is no such column; {is_meant(column, everything)}"
        elif isinstance(expression, str):
            yield from _expression_problems(place, column, expression, everything)
            meant = nearest(column, everything)
            if column not in everything and meant not in entry and _is_misspelt(column, meant):
                yield f"{place} would stand beside {meant}, which stays as it is; write {meant}, or name both."
        else:
            yield f"{place} must be an expression, as text, or null."


def _expression_problems(place: str, column: str, expression: str, columns: Collection[str]) -> Iterator[str]:
    names = names_read(expression)
    known = {*_NAMES, *columns, *(("self",) if column in columns else ())}
    for name in sorted(names - known):
        if name == "self":
            yield f"{place}: there is no such column, so there is no self; {is_meant(column, columns)}"
        else:
            yield f"{place} uses {shown(name)}, which is no column; {is_meant(name, columns)}"
    if "fake" in names and importlib.util.find_spec("faker") is None:
        yield f"{place} uses fake, which needs the extra faker: install tap-qa[faker]."


def names_read(expression: str) -> set[str]:
    """Return the names that an expression reads, those of columns in texts included; none if it can't be parsed."""
    try:
        nodes = list(ast.walk(ast.parse(expression.strip(), mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()  # the SDK says so
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    read = {node.id for node in nodes if isinstance(node, ast.Name)} - bound
    for node in nodes:
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id in _RECORD
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        ):
            read.add(node.slice.value)
    return read


def _is_misspelt(name: str, meant: str) -> bool:
    return SequenceMatcher(None, name, meant).ratio() >= _MISSPELT_FROM


# Entries beside each other


def _overlaps(maps: Mapping[str, Any], primary: Mapping[str, list[str]]) -> Iterator[str]:
    by_entries: dict[tuple[str, ...], list[str]] = {}
    for stream, keys in primary.items():
        if len(keys) > 1:
            by_entries.setdefault(tuple(keys), []).append(stream)
    for keys_of_all, streams in by_entries.items():
        entries = [maps[key] for key in keys_of_all]
        merged: dict[str, Any] | None = {}
        for entry in entries:
            merged = {**merged, **entry} if isinstance(entry, Mapping) and merged is not None else None
        more = f" (and {len(streams) - 1} more)" if len(streams) > 1 else ""
        both = " and ".join(map(shown, keys_of_all))
        one = json.dumps({streams[0]: merged}, ensure_ascii=False)
        yield f"stream_maps: {both} match {streams[0]}{more}; only the last would count. Merge them: {one}"
