"""The command `target-qa`."""

from __future__ import annotations

from tap_qa.runtime.startup import check_standard_streams, freeze_gc, install_signal_handlers


def main() -> None:
    """Run the command."""
    install_signal_handlers()
    check_standard_streams("target-qa")
    with freeze_gc():
        from tap_qa.runtime.exit_status import exit_on_output_error  # noqa: PLC0415 - as below
        from target_qa.target import TargetQA  # noqa: PLC0415 - takes most of a second, so signals are handled before it

    with exit_on_output_error("target-qa"):
        TargetQA.cli()
