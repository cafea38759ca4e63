"""Whether MaestroQA still exports agent groups and screen capture usage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tap_qa.http.request import Request
from tap_qa.probes.answers import Answer, Suggestion, answered, refused, undecided
from tap_qa.probes.asked import post
from tap_qa.probes.probe import Probe
from tap_qa.probes.shapes import status
from tap_qa.probes.table import read_table
from tap_qa.vendors.maestroqa.probes.exports import GENERATED, POLLS, ask
from tap_qa.vendors.maestroqa.streams import AgentGroups

if TYPE_CHECKING:
    from tap_qa.probes.account import Account
    from tap_qa.probes.shapes import EvidenceValue

_REQUEST, _USAGE = "request-groups-export", "screen-capture-usage-stats"
_GONE = frozenset({404, 405, 410})


def _alive(account: Account) -> Answer:
    job = ask(account, _REQUEST)
    if job.reply.is_refused:
        return refused("the export of agent groups")
    if job.reply.status in _GONE:
        advice = Suggestion(
            "select", "deselect maestroqa_agent_groups and maestroqa_screen_capture_usage", loses_rows=False
        )
        return answered("gone", advice, groups=status(job.reply))
    if job.archive is None:
        return undecided("an agent group", groups=status(job.reply))
    member = job.archive.member(("agent_groups",), alone=True)
    table = read_table(member, "maestroqa", "agent_groups", AgentGroups.property_aliases, GENERATED)
    group = next(filter(None, table.cells("group_id")), None)
    if group is None:
        return undecided("an agent group", groups=status(job.reply))
    usage = account.send(Request(_USAGE, method="POST", json={"groupIds": [group], "interval": "day"}), once=True)
    seen: dict[str, EvidenceValue] = {"groups": status(job.reply), "screen_capture": status(usage)}
    if usage.is_ok:
        return answered("both", **seen)
    advice = Suggestion("select", "deselect maestroqa_screen_capture_usage", loses_rows=False)
    return answered("groups_only", advice, **seen)


PROBES = (
    Probe(
        "M13",
        "access",
        "are agent groups and screen capture alive",
        {
            "both": "both answer",
            "groups_only": "agent groups do, screen capture does not (HTTP {screen_capture})",
            "gone": "neither: HTTP {groups}",
        },
        "their streams fail alone",
        (post(_REQUEST, "name"), post(_USAGE, "groupIds", "interval"), *POLLS),
        2,
        _alive,
        exports=True,
    ),
)
