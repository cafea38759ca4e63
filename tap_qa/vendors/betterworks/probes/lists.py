"""What rows of Betterworks' lists look like, and how conversations are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, answered, refused, undecided
from tap_qa.probes.asked import objects
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band, date_form, kind, status
from tap_qa.singer.schemas import schema_file
from tap_qa.vendors.betterworks.probes.queries import (
    CONVERSATIONS,
    FULL_PAGE,
    TEMPLATES,
    asked,
    first_rows,
    listed,
    rows_of,
)
from tap_qa.vendors.betterworks.settings import PATHS

if TYPE_CHECKING:
    from tap_qa.probes.account import Account

_STAMPS = ("created", "created_on", "modified", "modified_on", "updated", "updated_on", "last_checkedin")
_DEPLOYMENTS, _IDS = ("deployments", "deployment"), ("id", "deployment_id", "uuid")


def _forms(account: Account) -> Answer:
    rows = [(stream, row) for stream, reply in first_rows(account).items() for row in rows_of(reply)[:1]]
    stamps = {name: row[name] for _, row in rows for name in _STAMPS if row.get(name) not in {None, ""}}
    forms = {name: date_form(value) for name, value in stamps.items()}
    unknown = {f"{stream}.{name}": name for stream, row in rows for name in set(row) - _known(stream)}
    fields = account.names(unknown, ())
    seen: dict[str, EvidenceValue] = {
        "forms": tuple(Shape(f"{name} {form}") for name, form in forms.items()),
        "ids": tuple(sorted({kind(row["id"]) for _, row in rows if "id" in row})),
        "created_and_created_on": any("created" in row and "created_on" in row for _, row in rows),
        **{name: value for name, value in fields.items() if name != "known"},
    }
    bare = {form.startswith("epoch") for name, form in forms.items() if not name.endswith("_on")}
    if not bare:
        return undecided("a row with a timestamp", **seen)
    return answered("mixed" if len(bare) > 1 else "epoch" if bare == {True} else "iso", **seen)


def _known(stream: str) -> set[str]:
    return set(schema_file("betterworks", stream.removeprefix("betterworks_"))["properties"])


def _deployments(account: Account) -> Answer:
    templates = listed(account, TEMPLATES, size=FULL_PAGE)
    if not templates.is_ok:
        return refused("conversation templates", status=status(templates))
    key, deployment = next(
        ((key, item) for row in rows_of(templates) for key in _DEPLOYMENTS for item in objects(row.get(key))),
        ("", {}),
    )
    if not deployment:
        return undecided("a template with a deployment", templates=band(len(rows_of(templates))))
    name = next((name for name in _IDS if name in deployment), "")
    seen: dict[str, EvidenceValue] = {"array": Shape(key), **_conversations(account, deployment.get(name))}
    return answered(f"by_{name}" if name else "by_another_name", **seen)


def _conversations(account: Account, deployment: Any) -> dict[str, EvidenceValue]:  # noqa: ANN401 - an id of any form
    asked_for = {"one": deployment, "no": None, "unknown": 0}
    return {
        f"status_of_{name}_deployment": status(
            listed(account, CONVERSATIONS, size=1, **({} if value is None else {"deployment_id": value}))
        )
        for name, value in asked_for.items()
    }


PROBES = (
    Probe(
        "B7",
        "shape",
        "forms of times and ids",
        {
            "epoch": "bare timestamps are Unix seconds",
            "iso": "bare timestamps are ISO texts",
            "mixed": "bare timestamps come in both forms",
        },
        "all forms are read",
        tuple(asked(stream, "size") for stream in PATHS),
        10,
        _forms,
    ),
    Probe(
        "B11",
        "shape",
        "deployments of conversations",
        {
            "by_id": "{array}[].id",
            "by_deployment_id": "{array}[].deployment_id",
            "by_uuid": "{array}[].uuid",
            "by_another_name": "{array}[] without a known id",
        },
        "id, deployment_id and uuid are read",
        (asked(TEMPLATES, "size"), asked(CONVERSATIONS, "size", "deployment_id")),
        4,
        _deployments,
    ),
)
