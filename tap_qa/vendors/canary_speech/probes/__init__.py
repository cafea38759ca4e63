"""What a project of Canary Speech can tell about itself."""

from __future__ import annotations

from tap_qa.vendors.canary_speech.probes import access, scores, windows

PROBES = (*access.PROBES, *windows.PROBES, *scores.PROBES)
