"""What a Betterworks account shows of an API whose reference is not public."""

from __future__ import annotations

from tap_qa.vendors.betterworks.probes import access, goals, lists, paging

PROBES = (*access.PROBES, *goals.PROBES, *paging.PROBES, *lists.PROBES)
