"""JSON lists: the coaching export, the newer lists of coaching and assignments, and SCIM."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from qa_sandbox.exports.cells import as_emitted
from qa_sandbox.http.json_body import Json
from qa_sandbox.vendors.maestroqa.coaching import assignments_of
from qa_sandbox.vendors.maestroqa.export_options import InvalidParameter
from qa_sandbox.vendors.maestroqa.scim import agent_groups, user_groups, users

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from qa_sandbox.exports.cells import Cell
    from qa_sandbox.vendors.maestroqa.dataset import MaestroQaDataset

_MAX_EXPORT_SPAN = timedelta(days=90)
_AXES = {"createdAt": "created_at", "meetingDate": "meeting_date"}
Object = dict[str, Any]
_SCIM_PAGE = 20
SCIM = {"Users": users, "Groups": agent_groups, "Usergroups": user_groups}
_OLDER_NAMES = {"id": "_id", "name": "coachingFormName"}
_FREE = frozenset({"profile", "to_dos", "_unmapped"})
"""Fields whose content is the account's own, or known to nobody."""


class Lists:
    """Reads a dataset by the rules of the help pages.

    Attributes:
        page_rows: How many rows a page of the newer lists has; None if they come whole, as an array, and take no
            parameter.
        scim_rows: How many rows a page of SCIM has at most, whatever `count` says.
    """

    def __init__(self, dataset: Callable[[], MaestroQaDataset]) -> None:
        """Read this dataset."""
        self._dataset = dataset
        self.page_rows: int | None = None
        self.scim_rows = _SCIM_PAGE

    async def coaching_export(self, _: Request, body: Object) -> Json:
        """POST /coaching-sessions: at most 90 days, by the date of creation or of the meeting."""
        if unknown := set(body) - {"startDate", "endDate", "timeAxis", "apiToken"}:
            raise InvalidParameter(min(unknown))
        if body.get("timeAxis") not in _AXES:
            raise InvalidParameter(name="timeAxis")
        start, end = _day(body, "startDate"), _day(body, "endDate")
        if not timedelta() <= end - start <= _MAX_EXPORT_SPAN:
            raise InvalidParameter(name="endDate")
        rows = [row for row in self._dataset().session_rows() if _lies_within(row[_AXES[body["timeAxis"]]], start, end)]
        return Json([_older(row) for row in rows])

    async def coaching_points(self, request: Request, _: Object) -> Json:
        """GET /coaching-points."""
        return self._page(request, "coachingPoints", self._dataset().points())

    async def todos(self, request: Request, _: Object) -> Json:
        """GET /todos."""
        return self._page(request, "todos", self._dataset().todos())

    async def assignments(self, request: Request, _: Object) -> Json:
        """GET /assignments."""
        return self._page(request, "assignments", assignments_of(self._dataset().team))

    async def scim(self, request: Request, _: Object) -> Json:
        """GET /scim/v2/Users, /Groups and /Usergroups; the paths mind upper and lower case."""
        team = self._dataset().team
        rows = SCIM[request.url.path.rpartition("/")[2]](team)
        start = max(int(request.query_params.get("startIndex", "1")), 1)
        count = min(int(request.query_params.get("count", _SCIM_PAGE)), self.scim_rows)
        part = rows[start - 1 :][:count]
        return Json(
            {
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": len(rows),
                "startIndex": start,
                "itemsPerPage": len(part),
                "Resources": [_shown(row) for row in part],
            }
        )

    def _page(self, request: Request, name: str, rows: list[Object]) -> Json:
        if self.page_rows is None:
            if request.query_params:
                raise InvalidParameter(min(request.query_params))
            return Json([_shown(row) for row in rows])
        page = int(request.query_params.get("page", "1"))
        part = rows[(page - 1) * self.page_rows : page * self.page_rows]
        onward = page + 1 if page * self.page_rows < len(rows) else None
        return Json({name: [_shown(row) for row in part], "total": len(rows), "nextPage": onward})


def _older(row: Object) -> Object:
    """A session as the coaching export shows it: without the dates of newer editions, and with older names."""
    shown = _shown({name: value for name, value in row.items() if not name.endswith("confirmed_date")})
    points = [{"_id": point.pop("id"), **point} for point in shown.pop("coachingPoints")]
    return {_OLDER_NAMES.get(name, name): value for name, value in shown.items()} | {"coachingPoints": points}


def _shown(value: Any) -> Any:  # noqa: ANN401 -- JSON
    """JSON with the vendor's names and instants."""
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if isinstance(value, dict):
        more = value.get("_unmapped") or {}
        own = {
            _camel(name): item if name in _FREE else _shown(item) for name, item in value.items() if name != "_unmapped"
        }
        return own | more
    return str(as_emitted(value)).replace("+00:00", "Z") if isinstance(value, datetime) else value


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _day(body: Object, name: str) -> date:
    text = body.get(name)
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise InvalidParameter(name)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidParameter(name) from error


def _lies_within(moment: Cell, start: date, end: date) -> bool:
    return isinstance(moment, datetime) and start <= moment.astimezone(timezone.utc).date() <= end
