"""A careless client of the MaestroQA sandbox."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from qa_sandbox.vendors.maestroqa import MaestroQa

STAMP = "%Y-%m-%dT%H:%M:%SZ"


ALWAYS = {"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z"}


class Account:
    """A client of the sandbox, as careless as a test may be."""

    def __init__(self, vendor: MaestroQa) -> None:
        """Hold its token."""
        self.vendor = vendor
        self.headers = {"apitoken": vendor.token}

    def post(self, path: str, body: object = None, **headers: str) -> requests.Response:
        """Call with a body."""
        url = self.vendor.config()["url"] + path
        return requests.post(url, json=body, headers=self.headers | headers, timeout=5)

    def poll(self, export_id: str) -> requests.Response:
        """Ask for the state of an export."""
        url = self.vendor.config()["url"] + "/get-export-data"
        return requests.get(url, headers=self.headers | {"exportId": export_id}, timeout=5)

    def export(self, path: str = "/request-raw-export", **body: Any) -> dict[str, str]:  # noqa: ANN401
        """Ask for an export and poll once."""
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        result: dict[str, str] = self.poll(answer.json()["exportId"]).json()
        return result

    def file(self, path: str = "/request-raw-export", **body: Any) -> bytes:  # noqa: ANN401
        """Download an export."""
        link = self.export(path, **body)["dataUrl"]
        assert link
        return requests.get(link, timeout=5).content

    def table(self, file: str, **body: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Read an export of one file."""
        content = self.file(singleFileExport=file, **{**ALWAYS, **body})
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
