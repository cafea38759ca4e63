"""What can go wrong, told to the person who must act.

Every message names the vendor, what happened and, where there is something to do, what. None holds a secret, a
response body, a signed URL or a personal datum.

    TapQAError
    ├── SettingsError           a setting, the state or the catalog is wrong
    │   └── StateError
    ├── CredentialsError        the vendor refuses who we are
    ├── PermissionMissingError  the vendor knows us, but not for this
    ├── VendorError             the vendor answers, but not with what it promised
    │   ├── UnavailableError    … not at all, or only with failures, however often it is asked
    │   ├── RateLimitError      … it wants us to wait for longer than we are allowed to
    │   ├── ShapeError          … in another shape than its documents tell
    │   ├── PagingError         … page after page without an end
    │   │   └── UnsettledError  … or another list at each look, or less than it counts
    │   └── RequestRefusedError … the request is wrong in the vendor's eyes
    ├── JobError                an export job failed, for good
    │   └── JobTimeoutError
    ├── DownloadError           a file can't be had, or must not be fetched from where it is
    ├── FileError               a file is not what was promised
    └── SyncFailedError         the run's own end: some streams failed
"""

from __future__ import annotations

from singer_sdk.exceptions import FatalSyncError


class TapQAError(FatalSyncError):
    """A failure that was foreseen: one line, no traceback."""

    def __init__(self, who: str, what: str, do: str = "") -> None:
        """Compose the line.

        Args:
            who: The vendor, stream or setting that it is about.
            what: What happened, a sentence.
            do: What the reader can do about it, a sentence, if anything.
        """
        self.who = who
        self.what = what
        self.do = do
        super().__init__(f"{who}: {what} {do}".rstrip())


class SettingsError(TapQAError):
    """A setting can't be worked with."""


class StateError(SettingsError):
    """The state can't be worked with."""


class CredentialsError(TapQAError):
    """The vendor refuses the credentials."""


class PermissionMissingError(TapQAError):
    """The credentials are good, but don't allow this."""


class VendorError(TapQAError):
    """The vendor did not do what it documents."""


class UnavailableError(VendorError):
    """Every try failed in a way that may pass by itself."""


class RateLimitError(VendorError):
    """The vendor asks for a longer wait than the settings allow."""


class ShapeError(VendorError):
    """An answer has another shape than documented."""


class PagingError(VendorError):
    """A list can't be read whole."""


class UnsettledError(PagingError):
    """A list changes faster than it can be read, or holds less than the vendor announces."""


class RequestRefusedError(VendorError):
    """The vendor refuses the request itself (400, 404, 409, 422 …)."""

    def __init__(self, who: str, what: str, do: str = "", *, status: int, complaint: str = "") -> None:
        """Compose the line.

        Args:
            who: The vendor.
            what: What happened.
            do: What to do.
            status: The HTTP status.
            complaint: The vendor's own words. For decisions in code only: never logged, since it may quote anything.
        """
        super().__init__(who, what, do)
        self.status = status
        self.complaint = complaint


class JobError(TapQAError):
    """An export job failed at every try."""


class JobTimeoutError(JobError):
    """An export job did not come to an end in time."""


class DownloadError(TapQAError):
    """A file can't be fetched, or must not be."""


class FileError(TapQAError):
    """A file is not what the vendor promised."""


class SyncFailedError(TapQAError):
    """Some streams failed; the others are complete."""
