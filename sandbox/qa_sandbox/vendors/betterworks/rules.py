"""How this simulator of Betterworks answers where no public source says how the real one does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PATHS = {
    "betterworks_users": "users",
    "betterworks_goals": "goals/filter",
    "betterworks_departments": "departments",
    "betterworks_conversation_templates": "conversation_templates",
    "betterworks_conversations": "conversations",
    "betterworks_feedback_templates": "feedback_templates",
    "betterworks_feedback": "feedback",
    "betterworks_recognition": "recognition",
    "betterworks_calibration_cycles": "calibration_cycles",
    "betterworks_calibration_records": "calibration_records",
}


@dataclass
class Rules:
    """Switches; a test may change them while the server runs.

    Attributes:
        envelope: `results` (`results`, `more`, `nextURL`, as public clients read it), `next` (`results`, `count`,
            `next`), `data` (`data`, `next_url`), or a bare `list`.
        next_form: What the link to the next page is: an `absolute` URL or a `relative` one.
        next_keeps: Whether that link repeats the request's own parameters.
        first_page: The number of the first page.
        default_size: Rows of a page without a `size`.
        oversize: What becomes of a `size` over 100: it is refused or clamped.
        timestamps: Form of the bare timestamps: Unix `epoch` seconds, or `iso` text. Those whose name ends in `_on`
            are text.
        children: Whether goals inside `children` come in `full`, or `brief` as older answers had them.
        needs_owner: Whether `goals/filter` is refused without an `owner`.
        deployments_key: What a template calls its deployments.
        deployment_id_key: What a deployment calls its id.
        administrator: Whether the key's owner is a Super Admin; others may see people and goals only.
        accepted_privacy: Whether that person has accepted the privacy notice; else nothing can be read.
        paths: Where each stream's list is.
    """

    envelope: Literal["results", "next", "data", "list"] = "results"
    next_form: Literal["absolute", "relative"] = "absolute"
    next_keeps: bool = True
    first_page: Literal[0, 1] = 1
    default_size: int = 30
    oversize: Literal["refuse", "clamp"] = "refuse"
    stamps: Literal["epoch", "iso"] = "epoch"
    children: Literal["full", "brief"] = "full"
    needs_owner: bool = False
    deployments_key: Literal["deployments", "deployment"] = "deployments"
    deployment_id_key: Literal["id", "deployment_id"] = "id"
    administrator: bool = True
    accepted_privacy: bool = True
    paths: dict[str, str] = field(default_factory=lambda: dict(PATHS))
