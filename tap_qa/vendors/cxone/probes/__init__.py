"""What a CXone tenant shows of itself; most of it only by extraction jobs, of which it runs one at a time."""

from __future__ import annotations

from tap_qa.vendors.cxone.probes import access, dates, entities, workflows

PROBES = (*access.PROBES, *workflows.PROBES, *dates.PROBES, *entities.PROBES)
