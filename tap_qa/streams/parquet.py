"""BATCH files in Parquet whose types are those of the stream's schema, whatever rows a file holds.

The SDK's own files take their types from their rows: a column of nulls has none, and rows of several forms end the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
from singer_sdk.batch import BaseBatcher, lazy_chunked_generator
from typing_extensions import override

from tap_qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from singer_sdk.helpers._batch import BatchConfig

_DIGITS, _DECIMALS = 38, 18
"""Of numbers: they stay exact. JSON's own limit is none."""

_encode = msgspec.json.Encoder(decimal_format="number").encode


class ParquetBatcher(BaseBatcher):
    """Writes records as Parquet: texts, whole numbers, decimals and truth values; objects and arrays as JSON texts."""

    def __init__(self, tap_name: str, stream_name: str, batch_config: BatchConfig, schema: Mapping[str, Any]) -> None:
        """Prepare; `schema` is that of the records."""
        super().__init__(tap_name, stream_name, batch_config)
        self._kinds = {name: _kind(column) for name, column in schema["properties"].items()}

    @override
    def get_batches(self, records: Iterable[dict[str, Any]]) -> Iterator[list[str]]:
        """Yield the addresses of files, each as soon as it is written."""
        from pyarrow import parquet  # noqa: PLC0415 - an extra

        storage, is_zipped = self.batch_config.storage, self.batch_config.encoding.compression == "gzip"
        name = f"{storage.prefix or ''}{self.tap_name}--{self.stream_name}-{uuid4()}"
        for number, chunk in enumerate(lazy_chunked_generator(iter(records), self.batch_config.batch_size), 1):
            file = f"{name}={number}.parquet"
            with storage.open(file, "wb") as output:
                parquet.write_table(self._table(list(chunk)), output, compression="gzip" if is_zipped else "snappy")
            yield [storage.get_url(file)]

    def _table(self, records: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - pyarrow's
        import pyarrow as pa  # noqa: PLC0415 - an extra

        types = {
            "integer": pa.int64(),
            "number": pa.decimal128(_DIGITS, _DECIMALS),
            "boolean": pa.bool_(),
        }
        columns = {}
        for name, kind in self._kinds.items():
            values = [record.get(name) for record in records]
            if kind == "json":
                values = [None if value is None else _encode(value).decode() for value in values]
            try:
                columns[name] = pa.array(values, types.get(kind, pa.string()))
            except (pa.ArrowException, TypeError, ValueError, OverflowError):
                what = f"a value of {name} is not of the type that the SCHEMA announces ({kind}), or too large for it."
                raise SettingsError(self.stream_name, what, "Set batch_config.encoding.format to jsonl.") from None
        return pa.table(columns)


def _kind(column: Mapping[str, Any]) -> str:
    """Return the one scalar type of a column; `json` for all others."""
    declared = column.get("type", ())
    kinds = {declared} if isinstance(declared, str) else set(declared)
    kinds.discard("null")
    return kinds.pop() if len(kinds) == 1 and not kinds & {"object", "array"} else "json"
