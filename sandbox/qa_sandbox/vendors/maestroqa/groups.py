"""Agent groups and the screen capture figures of their members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import TEAMS
from qa_sandbox.exports.seeded import seeded_id
from qa_sandbox.plausible_data import chance, seeded_rng

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_sandbox.exports.cells import Row
    from qa_sandbox.exports.people import Person
    from qa_sandbox.vendors.maestroqa.calendar import Team

_EXPECTED = {"day": 10, "week": 50, "month": 210}


@dataclass(frozen=True)
class Membership:
    """An agent in a group, from a moment on."""

    group_id: str
    group_name: str
    agent: Person
    agent_ids: str
    since: datetime
    available_since: datetime

    def row(self, now: datetime) -> Row:
        """The row of the groups export."""
        return {
            "group_name": self.group_name,
            "group_id": self.group_id,
            "agent_name": self.agent.name,
            "agent_email": self.agent.email,
            "agent_ids": self.agent_ids,
            "available": self.available_since <= now,
        }


def memberships(team: Team, now: datetime) -> list[Membership]:
    """Everybody in "All Agents", most in others too; some join soon, some are available only later, nobody leaves."""
    found = []
    for agent in team.agents:
        rng = seeded_rng("membership", team.seed, agent.id)
        joined = now + timedelta(days=rng.choice((-1, -1, -1, 0.6, 2.2)))
        available = now + timedelta(days=rng.choice((-1, -1, -1, -1, 1.4, 400)))
        agent_ids = ",".join([agent.id, seeded_id(10, "second", agent.id)][: rng.choice((1, 1, 1, 2))])
        names = ["All Agents", *rng.sample(TEAMS, k=rng.randint(0, 2))]
        found += [
            Membership(seeded_id(17, "group", team.seed, name), name, agent, agent_ids, joined, available)
            for name in names
        ]
    return found


def usage(members: Iterable[Membership], group_ids: Iterable[str], interval: str, now: datetime) -> list[Row]:
    """Screen capture figures for the members of some groups who use the extension, one row an agent, as of now."""
    wanted = set(group_ids)
    agents = {m.agent.id: None for m in members if m.group_id in wanted and m.since <= now}
    rows = (_usage(agent_id, interval, now) for agent_id in agents)
    return [row for row in rows if row is not None]


def _usage(agent_id: str, interval: str, now: datetime) -> Row | None:
    if chance(seeded_rng("extension", agent_id), 0.25):
        return None
    rng = seeded_rng("usage", agent_id, interval, now.date())
    expected = rng.randint(1, _EXPECTED[interval])
    made = rng.randint(0, expected)
    percent = (Decimal(100 * made) / expected).quantize(Decimal("0.1"))
    return {
        "agent_id": agent_id,
        "interval": interval,
        "number_expected_recordings": expected,
        "number_recordings": made,
        "percent_recorded": percent,
    }
