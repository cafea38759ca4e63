"""A simulator of MaestroQA."""

from qa_sandbox.vendors.maestroqa.app import MaestroQa

VENDOR = MaestroQa

__all__ = ["VENDOR", "MaestroQa"]
