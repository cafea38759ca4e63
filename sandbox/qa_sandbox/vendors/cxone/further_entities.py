"""Entities besides those of quality management: recordings, and notes as a stand-in for what a tenant alone knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from qa_sandbox.exports.people import COMMENTS, TEAMS, staff
from qa_sandbox.exports.seeded import seeded_uuid
from qa_sandbox.plausible_data import seeded_rng

if TYPE_CHECKING:
    from qa_sandbox.exports.cells import Row

RECORDINGS, NOTES = "recording-interaction-metadata", "qm-notes"
IDENTIFYING = {RECORDINGS: ("segment_id",), NOTES: ("note_id",)}


@dataclass(frozen=True)
class Segment:
    """A recorded segment, about which a note may be written and changed."""

    id: str
    at: datetime
    agent: int

    def row(self, entity: str, now: datetime) -> Row:
        """What an entity's file shows of it now, by the tap's columns."""
        agent = staff("cxone agent", 1, 9)[self.agent]
        if entity == RECORDINGS:
            return {
                "segment_id": self.id,
                "acd_call_id": None,
                "start_date": self.at,
                "voice_recording_status": "Success",
                "disposition": None if self.agent % 3 else "Resolved",
                "ani": f"\\+1555010{self.agent:04}",
                "dnis": "\\+15550100",
                "agent_1_acd_id": f"0{self.agent}",
                "agent_1_name": agent.name,
                "agent_1_team": TEAMS[self.agent % len(TEAMS)],
                "agent_1_skills": "Voice, Billing",
                "agent_1_contact_number": None,
                "_unmapped": {"ACD Call ID (Master)": f"00{self.agent}"},
            }
        changes = (now - self.at).days // 3
        note = seeded_rng("note", self.id, changes).choice(COMMENTS)
        return {
            "note_id": f"N-{self.id[:8]}",
            "written_at": self.at,
            "_unmapped": {"Segment ID": self.id, "Text": note, "Changes": str(changes)},
        }


def segments_of(day: date) -> list[Segment]:
    """What was recorded on a day."""
    rng = seeded_rng("segments", day)
    return [
        Segment(
            seeded_uuid("segment", day, number),
            datetime.combine(day, time(6), timezone.utc) + timedelta(minutes=rng.randint(0, 700)),
            rng.randint(0, 8),
        )
        for number in range(rng.randint(1, 4))
    ]
