"""A careless client of the CXone sandbox."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import requests

from qa_sandbox.vendors.cxone.app import JOBS

if TYPE_CHECKING:
    from qa_sandbox.vendors.cxone import CxOne

WEEK = {"entityName": "qm-workflows", "version": "3", "startDate": "2026-06-08", "endDate": "2026-06-14"}


class Consumer:
    """A client of the sandbox, as careless as a test may be."""

    def __init__(self, vendor: CxOne) -> None:
        """Log in."""
        self.vendor = vendor
        self.headers = {"Authorization": f"Bearer {self.login().json()['access_token']}"}

    def login(self, **changes: str) -> requests.Response:
        """Ask for a token."""
        body = {"accessKeyId": self.vendor.tokens.key_id, "accessKeySecret": self.vendor.tokens.key_secret} | changes
        return requests.post(self.vendor.urls["api"] + "/authentication/v1/token/access-key", json=body, timeout=5)

    def post(self, **changes: Any) -> requests.Response:  # noqa: ANN401
        """Ask for a job."""
        return requests.post(self.vendor.urls["api"] + JOBS, json=WEEK | changes, headers=self.headers, timeout=5)

    def get(self, job_id: str = "") -> requests.Response:
        """Ask for one job or for all."""
        url = self.vendor.urls["api"] + JOBS + (f"/{job_id}" if job_id else "")
        return requests.get(url, headers=self.headers, timeout=5)

    def start(self, **changes: Any) -> str:  # noqa: ANN401
        """Ask for a job that is accepted."""
        answer = self.post(**changes)
        assert answer.status_code == 202, answer.text
        return str(answer.json())

    def poll(self, job_id: str) -> dict[str, Any]:
        """Ask for the status of a job."""
        status: dict[str, Any] = self.get(job_id).json()["jobStatus"]
        return status

    def file(self, **changes: Any) -> bytes:  # noqa: ANN401
        """Download a job's file."""
        return requests.get(self.poll(self.start(**changes))["result"]["url"], timeout=5).content

    def table(self, **changes: Any) -> list[dict[str, str]]:  # noqa: ANN401
        """Read a job's file."""
        return list(csv.DictReader(io.StringIO(self.file(**changes).decode("utf-8-sig"), newline="")))
