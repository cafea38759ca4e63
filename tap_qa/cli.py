"""The commands `tap-qa` and `tap-qa-doctor`."""

from __future__ import annotations

from tap_qa.runtime.startup import check_standard_streams, freeze_gc, install_signal_handlers, limit_heaps


def main() -> None:
    """Run `tap-qa`."""
    install_signal_handlers()
    check_standard_streams("tap-qa")
    limit_heaps()
    with freeze_gc():
        from tap_qa.runtime.exit_status import exit_on_output_error  # noqa: PLC0415 - as below
        from tap_qa.tap import TapQA  # noqa: PLC0415 - takes most of a second, so signals are handled before it

    with exit_on_output_error("tap-qa"):
        TapQA.cli()


def doctor() -> None:
    """Run `tap-qa-doctor`."""
    install_signal_handlers()
    from tap_qa.doctor import command  # noqa: PLC0415 - as above
    from tap_qa.runtime.exit_status import exit_on_output_error  # noqa: PLC0415 - as above

    with exit_on_output_error("tap-qa-doctor"):
        command.main()
