"""A simulator of NICE CXone."""

from qa_sandbox.vendors.cxone.app import CxOne

VENDOR = CxOne

__all__ = ["VENDOR", "CxOne"]
