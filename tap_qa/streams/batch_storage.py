"""Failures of the place where BATCH files go, in one line."""

from __future__ import annotations

from tap_qa.errors import SettingsError, TapQAError, UnavailableError

_MAY_PASS = {
    "ConnectTimeoutError",
    "ConnectionClosedError",
    "EndpointConnectionError",
    "ReadTimeoutError",
    "TimeoutError",
}
_SUBJECT = "batch_config.storage"


def storage_error(error: Exception) -> TapQAError:
    """Return the line for an error of the file system or the S3 client.

    The text of the error stays out of it: it may quote an address or a key id.
    """
    name = type(error).__name__
    problem = f"the files can't be written ({name})."
    if name in _MAY_PASS:
        return UnavailableError(_SUBJECT, problem, "Check that its host can be reached, and run again.")
    return SettingsError(_SUBJECT, problem, "Check that its root exists and that the credentials may write to it.")
