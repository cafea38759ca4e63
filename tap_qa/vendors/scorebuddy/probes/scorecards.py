"""Which scorecards an instance of Scorebuddy lists, and whether ids of look-ups are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tap_qa.probes.answers import Answer, answered, undecided
from tap_qa.probes.asked import get
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import EvidenceValue, Shape, band, known, words
from tap_qa.vendors.scorebuddy.probes.queries import SCORECARDS, ids

if TYPE_CHECKING:
    from tap_qa.http.request import Param
    from tap_qa.probes.account import Account
    from tap_qa.probes.asked import Reply

_LIMIT = 5
_FLAGS = ("archived", "deleted", "locked")
_SPELLINGS = {"archived": ("archived", "archieved"), "deleted": ("deleted",), "locked": ("locked",)}
_LOOK_UPS = {"sections": "section", "events": "event", "comments": "comment", "custom_objects": "object"}
_CARDS = 2


def _cards(reply: Reply) -> list[dict[str, Any]]:
    return reply.rows("scorecards", "scorecard")


def _listed(account: Account, **flags: Param) -> Reply:
    name = "scorecards " + "".join(flags)
    return account.once(name, lambda: account.get("scorecards", limit=_LIMIT, **flags))


def _has(card: dict[str, Any], flag: str) -> bool:
    return any(bool(card.get(name)) for name in _SPELLINGS[flag])


def _hidden(account: Account) -> Answer:
    plain = _listed(account)
    shown = _cards(plain)
    within = words(flag for flag in _FLAGS if any(_has(card, flag) for card in shown))
    by_flag = {flag: _cards(_listed(account, **{flag: "true"})) for flag in _FLAGS}
    flagged = {flag: [card for card in cards if _has(card, flag)] for flag, cards in by_flag.items()}
    is_whole = plain.fields.get("total") == len(shown)
    own = set(ids(shown, "scorecard_id"))
    apart = words(
        flag for flag in _FLAGS if flagged[flag] and is_whole and not own & set(ids(flagged[flag], "scorecard_id"))
    )
    ignored = words(flag for flag in _FLAGS if by_flag[flag] and not flagged[flag])
    seen: dict[str, EvidenceValue] = {
        "scorecards": band(len(shown)),
        "included": within,
        "apart": apart,
        "flags_ignored": ignored,
        "spelling": known({name for card in shown for name in card}, _SPELLINGS["archived"]),
        "settings_in_list": any("settings" in card for card in shown),
    }
    if within:
        return answered("included", **seen)
    if apart:
        return answered("apart", **seen)
    if ignored:
        return answered("flags_ignored", **seen)
    return undecided("scorecards that are archived, locked or deleted", **seen)


def _look_ups(account: Account) -> Answer:
    cards = [row.get("scorecard_id") for row in _cards(_listed(account))][:_CARDS]
    statuses: set[Shape] = set()
    clashing: set[str] = set()
    shared: set[str] = set()
    for kind, stem in _LOOK_UPS.items():
        names: dict[str, str] = {}
        for card in cards:
            reply = account.get(f"scorecards/{card}/{kind}", limit=100)
            statuses.add(Shape(f"{kind} {reply.status}"))
            for row in reply.rows(kind, stem):
                number, name = str(row.get(f"{stem}_id")), str(row.get(f"{stem}_name", row.get(stem)))
                if number in names:
                    (shared if names[number] == name else clashing).add(kind)
                names.setdefault(number, name)
    seen: dict[str, EvidenceValue] = {
        "clashing": words(clashing),
        "shared": words(shared - clashing),
        "statuses": tuple(sorted(statuses)),
    }
    if clashing:
        return answered("of_a_scorecard", **seen)
    return undecided("two scorecards that use one id for different things", **seen)


PROBES = (
    Probe(
        "S17",
        "shape",
        "hidden scorecards",
        {
            "apart": "hidden scorecards come only if asked for: {apart}",
            "included": "hidden scorecards are in the plain list: {included}",
            "flags_ignored": "flags are ignored: {flags_ignored}",
        },
        "all eight combinations of the flags are read",
        (SCORECARDS,),
        4,
        _hidden,
    ),
    Probe(
        "S15",
        "shape",
        "are ids of look-ups unique",
        {"of_a_scorecard": "an id has another name on another scorecard: {clashing}"},
        "the scorecard is part of the key",
        (SCORECARDS, *(get(f"scorecards/{{}}/{kind}", "limit") for kind in _LOOK_UPS)),
        9,
        _look_ups,
    ),
)
