"""Errors, worded for the person who must act.

Every message names the vendor, what happened and, where there is something to do, what. None holds a secret, a
response body, a signed URL or a personal datum. Each class knows whether it may pass by itself, marked with a *.

    TapQAError
    ├── SettingsError                    a setting, the state or the catalog is wrong
    │   └── StateError
    ├── CredentialsError                 the vendor rejects the credentials
    ├── PermissionDeniedError            the credentials are good, but do not allow this
    ├── VendorError                      the vendor responds, but not with what it documents
    │   ├── UnavailableError *           … not at all, or only with failures, however often it is asked
    │   ├── RateLimitError *             … it asks for a longer wait than the settings allow
    │   ├── UnexpectedResponseError      … in another form than documented
    │   ├── PagingError                  … with pages that don't end
    │   │   ├── InconsistentListError *  … or a different list at each scan
    │   │   └── CappedListError          … or less than it counts
    │   │       └── DeepPageError        … or not beyond a certain page
    │   └── RequestRejectedError         … the vendor rejects the request
    ├── JobError                         an export job failed, for good
    │   └── JobTimeoutError *
    ├── DownloadError                    a file can't be had, or must not be fetched from where it is
    ├── FileError                        a file is not what the vendor documents
    └── SyncFailedError                  the run's own end: some streams failed
"""

from __future__ import annotations

from singer_sdk.exceptions import FatalSyncError


class TapQAError(FatalSyncError):
    """A failure that was foreseen: one line, no traceback."""

    may_pass: bool = False
    """Whether a later run may succeed without any action by a person."""

    def __init__(self, subject: str, problem: str, hint: str = "") -> None:
        """Compose the line.

        Args:
            subject: The vendor, stream or setting that it is about.
            problem: What happened, a sentence.
            hint: What the reader can do about it, a sentence, if anything.
        """
        self.subject = subject
        self.problem = problem
        self.hint = hint
        super().__init__(f"{subject}: {problem} {hint}".rstrip())


class SettingsError(TapQAError):
    """A setting can't be worked with."""


class StateError(SettingsError):
    """The state can't be worked with."""


class CredentialsError(TapQAError):
    """The vendor rejects the credentials."""


class PermissionDeniedError(TapQAError):
    """The credentials are good, but don't allow this."""


class VendorError(TapQAError):
    """The vendor did not do what it documents."""


class UnavailableError(VendorError):
    """Every attempt failed in a way that may pass by itself."""

    may_pass = True


class RateLimitError(VendorError):
    """The vendor asks for a longer wait than the settings allow."""

    may_pass = True


class UnexpectedResponseError(VendorError):
    """A response has another shape than documented."""


class PagingError(VendorError):
    """A list can't be read whole."""


class InconsistentListError(PagingError):
    """A list changes faster than it can be read."""

    may_pass = True


class CappedListError(PagingError):
    """A vendor gives a part of a list only; a narrower part of it may be given whole."""


class DeepPageError(CappedListError):
    """A vendor rejects a page behind the first, as search indexes do beyond a number of rows."""


class RequestRejectedError(VendorError):
    """The vendor rejects the request itself (400, 404, 409, 422 …)."""

    def __init__(self, subject: str, problem: str, hint: str = "", *, status: int, error_body: str = "") -> None:
        """Compose the line.

        Args:
            subject: The vendor.
            problem: What happened.
            hint: What to do.
            status: The HTTP status.
            error_body: The vendor's own words. For decisions in code only: never logged, since it may quote anything.
        """
        super().__init__(subject, problem, hint)
        self.status = status
        self.error_body = error_body


class JobError(TapQAError):
    """An export job failed at every attempt."""


class JobTimeoutError(JobError):
    """An export job did not come to an end in time."""

    may_pass = True


class DownloadError(TapQAError):
    """A file can't be fetched, or must not be."""


class FileError(TapQAError):
    """A file is not what the vendor documents."""


class SyncFailedError(TapQAError):
    """Some streams failed; the others are complete."""

    def __init__(self, subject: str, problem: str, hint: str = "", *, may_pass: bool = False) -> None:
        """Compose the line; `may_pass` says whether all failures may."""
        super().__init__(subject, problem, hint)
        self.may_pass = may_pass
