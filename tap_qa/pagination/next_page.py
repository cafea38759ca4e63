"""What leads to the next page: a number or a URL, in whatever form a vendor writes them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tap_qa.http.attempt_errors import UnreadableResponseError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tap_qa.http.request import Param

_WHOLE_NUMBER = re.compile(r"([0-9]{1,18})(?:\.0{1,18})?")
_NOTHING = frozenset({"", "0", "null", "none", "false"})


def whole_number(value: Any) -> int | None:  # noqa: ANN401 - JSON is anything
    """Read a whole number, not negative, in any of its forms (`2`, `2.0`, `"2"`, `"2.0"`); None if it is none."""
    if not isinstance(value, (int, float, Decimal, str)):
        return None
    found = _WHOLE_NUMBER.fullmatch(str(value).strip())  # which True is not
    return None if found is None else int(found[1])


def names_a_page(following: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether a field that should name the next page does: null, an empty text and 0 don't."""
    if isinstance(following, str):
        return following.strip().lower() not in _NOTHING
    return bool(following)


def next_page_params(following: Any, own: Mapping[str, Param]) -> dict[str, Param]:  # noqa: ANN401 - any JSON
    """Return the parameters of the next page.

    Args:
        following: What the vendor calls the next page: a number, or a URL, absolute or relative. Only the query of a
            URL is used, so that no response can lead the credentials to another host.
        own: The tap's own parameters, which always go along and win.

    Raises:
        UnreadableResponseError: It is neither.
    """
    number = whole_number(following)
    if number is not None:
        return {**own, "page": number}
    query = _query(following) if isinstance(following, str) else {}
    if not query:
        msg = "a next page that is neither a number nor a URL with a query"
        raise UnreadableResponseError(msg)
    return {**{name: value for name, value in query.items() if name.removesuffix("[]") not in own}, **own}


def _query(url: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    except ValueError:  # a bracket that is not closed, say
        return {}
