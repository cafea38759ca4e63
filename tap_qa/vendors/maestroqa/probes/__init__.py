"""What an account of MaestroQA (now Rippit) shows of itself; most of it only by exports, which it lists."""

from __future__ import annotations

from tap_qa.vendors.maestroqa.probes import access, bounds, edits, empty, files, groups

PROBES = (*access.PROBES, *files.PROBES, *edits.PROBES, *bounds.PROBES, *empty.PROBES, *groups.PROBES)
