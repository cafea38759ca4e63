"""What a project of Canary Speech shows of itself."""

from __future__ import annotations

from tap_qa.vendors.canary_speech.probes import access, scores, windows

PROBES = (*access.PROBES, *windows.PROBES, *scores.PROBES)
