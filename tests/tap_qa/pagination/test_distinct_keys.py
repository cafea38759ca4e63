"""What makes rows distinct, and how many of them differ."""

from __future__ import annotations

import pytest
from msgspec import Raw

from tap_qa.pagination.distinct_counter import DistinctCounter
from tap_qa.pagination.distinct_keys import KeyReader


def keys() -> KeyReader:
    return KeyReader(("group", "id"), {"ID": "id", "Other": "other"})


def distinct(*rows: str) -> int:
    counted = DistinctCounter()
    counted.add(keys().read_keys(Raw(f"[{','.join(rows)}]".encode())))
    return counted.count()


def test_rows_of_one_key_are_one_whatever_else_they_hold() -> None:
    assert distinct('{"group":1,"id":2,"x":1}', '{"x":[],"id":2,"group":1}') == 1
    assert distinct('{"group":1,"id":2}', '{"group":1,"id":3}', '{"group":2,"id":2}') == 3
    assert distinct() == 0


def test_a_vendors_other_name_for_a_column_counts_too() -> None:
    assert distinct(*(f'{{"group":1,"ID":{number},"Other":7}}' for number in (1, 2, 3, 3))) == 3
    assert distinct(*(f'{{"group":1,"ID":7,"Other":{number}}}' for number in (1, 2))) == 1


@pytest.mark.parametrize(
    "odd", ['{"x":%d}', '{"group":null,"id":null,"x":%d}', '{"group":[%d]}', '{"id":{"a":%d}}', "[%d]"]
)
def test_a_row_without_a_usable_key_is_distinct_by_all_of_it(odd: str) -> None:
    assert distinct(odd % 1, odd % 2, odd % 2, '{"group":1,"id":2,"x":1}', '{"group":1,"id":2}') == 3


def test_each_row_alone_has_the_key_that_it_has_among_others() -> None:
    rows = ['{"group":1,"id":"a"}', '{"group":1.5,"id":true}', '{"id":null,"group":7}']
    read = keys()
    assert list(read.read_keys(Raw(f"[{','.join(rows)}]".encode()))) == [
        read.read_key(Raw(row.encode())) for row in rows
    ]


def test_a_key_can_be_looked_up() -> None:
    of_all = keys().read_keys(Raw(b'[{"group":1,"id":2},{"id":2,"group":1}]'))
    assert len({*of_all}) == 1
