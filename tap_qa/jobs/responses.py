"""Parsing what vendors say of their jobs, in every form that documents and clients show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tap_qa.http.attempt_errors import UnreadableResponseError
from tap_qa.http.response import decode_json

if TYPE_CHECKING:
    from tap_qa.http.request import Response

_BARE_ID = re.compile(rb"\s*(?!null|true|false)([\w-]{4,80})\s*")
_IDS = ("exportid", "jobid", "id")
_LINKS = ("dataurl", "url", "downloadurl")


def job_id(response: Response, *, inside: str = "") -> str:
    """Read a job's id: a bare string, with or without quotes, or an object that holds one.

    Args:
        response: To the request of a job.
        inside: The name of an object inside the response that may hold the id instead.

    Raises:
        UnreadableResponseError: There is none.
    """
    bare = _BARE_ID.fullmatch(response.body)
    body = bare[1].decode() if bare else decode_json(response)
    places = [body, body.get(inside)] if isinstance(body, dict) else [body]
    for place in places:
        found = _first_of(place, _IDS) if isinstance(place, dict) else place
        if isinstance(found, (str, int)) and not isinstance(found, bool) and str(found).strip():
            return str(found).strip()
    message = "an answer without the id of a job"
    raise UnreadableResponseError(message)


def link(*places: Any) -> str | None:  # noqa: ANN401 - parts of JSON
    """Return the link to the file of a job that is done; None or empty if the vendor gives none, so has no rows.

    Args:
        places: The objects that may hold it, or what may be the link itself.

    Raises:
        UnreadableResponseError: There is a link, but its field has an unknown name. It must not pass for a job
            without rows.
    """
    objects = [place for place in places if isinstance(place, dict)]
    for place in places:
        found = _first_of(place, _LINKS) if isinstance(place, dict) else place
        if isinstance(found, str) and found.strip():
            return found.strip()
    if any(_plain(name) in _LINKS for place in objects for name in place):
        return None
    for place in objects:
        for name, value in place.items():
            if isinstance(value, str) and "://" in value:
                message = f"a finished job without a link by its usual name, but with one as {name:.40}"
                raise UnreadableResponseError(message)
    return None


def _first_of(place: dict[str, Any], names: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON
    plain = {_plain(name): value for name, value in place.items()}
    return next((plain[name] for name in names if plain.get(name)), None)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
