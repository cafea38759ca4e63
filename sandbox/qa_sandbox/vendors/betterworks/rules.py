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
            `next`), `data` (`data`, `next_url`), `objects` (`objects`, `more`), or a bare `list`.
        next_form: What the link to the next page is: an `absolute` URL or a `relative` one.
        next_keeps: Whether that link repeats the request's own parameters.
        first_page: The number of the first page.
        default_size: Rows of a page without a `size`.
        oversize: What becomes of a `size` over 100: it is refused or clamped.
        timestamps: Form of the bare timestamps: Unix `epoch` seconds, or `iso` text. Those whose name ends in `_on`
            are text.
        children: Whether goals inside `children` come in `full`, or `brief` as older answers had them.
        shows_all_goals: Whether `goals/filter` without an `owner` shows everyone's; else those of one person.
        needs_owner: Whether `goals/filter` is refused without an `owner`.
        deployments_key: What a template calls its deployments.
        deployment_id_key: What a deployment calls its id.
        gone_deployments: Deployments that templates name although their conversations are a 404.
        references: Whether people name their department and manager, and departments the one above, as `object`, by
            `name` or by `id`.
        owned: Whether goals say whose they are.
        takes_page: Whether lists mind `page`; else each answer holds all rows.
        ignores: Parameters that are passed over: `page`.
        heeds: Parameters that no source tells of: `offset`; of goals also `updated_since`, `modified_after` and
            `ordering` (`-updated` alone).
        link_on_full_page: Whether a full page that others follow names the next one, in `nextURL`.
        administrator: Whether the key's owner is a Super Admin; others may see people and goals only.
        accepted_privacy: Whether that person has accepted the privacy notice; else nothing can be read.
        paths: Where each stream's list is.
    """

    envelope: Literal["results", "next", "data", "objects", "list"] = "results"
    next_form: Literal["absolute", "relative"] = "absolute"
    next_keeps: bool = True
    first_page: Literal[0, 1] = 1
    default_size: int = 30
    oversize: Literal["refuse", "clamp"] = "refuse"
    stamps: Literal["epoch", "iso"] = "epoch"
    children: Literal["full", "brief"] = "full"
    shows_all_goals: bool = True
    needs_owner: bool = False
    deployments_key: Literal["deployments", "deployment"] = "deployments"
    deployment_id_key: Literal["id", "deployment_id", "uuid"] = "id"
    gone_deployments: set[str] = field(default_factory=set)
    references: Literal["object", "name", "id"] = "object"
    owned: bool = True
    takes_page: bool = True
    ignores: frozenset[str] = frozenset()
    heeds: frozenset[str] = frozenset()
    link_on_full_page: bool = True
    administrator: bool = True
    accepted_privacy: bool = True
    paths: dict[str, str] = field(default_factory=lambda: dict(PATHS))
