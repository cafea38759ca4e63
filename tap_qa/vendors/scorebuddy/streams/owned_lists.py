"""Tables that are made of many lists, one for each object of another kind: its owner."""

from __future__ import annotations

import abc
import logging
from typing import TYPE_CHECKING, ClassVar

import requests
from typing_extensions import override

from tap_qa.errors import RequestRejectedError
from tap_qa.streams.checkpoint import Checkpoint
from tap_qa.vendors.scorebuddy.streams.base import ScorebuddyTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tap_qa.records.chunks import RowChunk

logger = logging.getLogger("tap-qa.scorebuddy")
_GONE = frozenset({requests.codes.not_found, requests.codes.gone})


class OwnedLists(ScorebuddyTable, abc.ABC):
    """A table of many lists, of which some may be gone."""

    absent_is_empty: ClassVar[bool] = False
    """Whether a list that is not there has no rows, instead of an owner that is gone."""

    @override
    def read_chunks(self) -> Iterator[RowChunk | Checkpoint]:
        """Yield the rows of all lists but those that are gone since their owners were listed.

        Raises:
            RequestRejectedError: All are, so it is the list's path that is wrong.
        """
        rejection, any_asked, any_found = None, False, False
        for paged_list in self.paged_lists():
            any_asked = True
            try:
                yield from map(paged_list.add_context, self.read_list(paged_list.pages, closed=True))
                any_found = True
            except RequestRejectedError as gone:
                if gone.status not in _GONE:
                    raise
                if self.absent_is_empty:
                    continue
                rejection = gone
                place = ", ".join(f"{name} {value}" for name, value in paged_list.context.items())
                logger.warning("%s: HTTP %d, %s is gone and left out.", self.name, gone.status, place)
        if rejection is None and any_asked:  # else nothing was requested, and the table must not pass for empty
            yield Checkpoint()
        elif rejection is not None and not any_found:
            raise rejection
