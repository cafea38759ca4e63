"""What an instance of Scorebuddy shows of itself, by GETs that leave no trace."""

from __future__ import annotations

from tap_qa.vendors.scorebuddy.probes import access, groups, paging, rows, scorecards, zone

PROBES = (*access.PROBES, *groups.PROBES, *zone.PROBES, *rows.PROBES, *paging.PROBES, *scorecards.PROBES)
