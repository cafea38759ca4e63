"""The command line of `tap-qa-doctor`."""

from __future__ import annotations

import json
import logging
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from singer_sdk.exceptions import ConfigValidationError
from typing_extensions import override

from tap_qa.config.input_files import read_configs
from tap_qa.doctor.examination import MAX_SECONDS, VendorResults, run_probes
from tap_qa.doctor.report import as_json, as_text
from tap_qa.errors import TapQAError
from tap_qa.probes.probe import Account
from tap_qa.runtime.redaction import secret_values
from tap_qa.tap import VENDORS, TapQA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tap_qa.probes.probe import Probe
    from tap_qa.vendor import Vendor

logger = logging.getLogger("tap-qa-doctor")
FINE, UNREACHABLE, WRONG_CONFIG, TO_DO = 0, 1, 2, 3
MAX_ATTEMPTS = 3
MAX_WAIT_MINUTES = 1


class ExaminedTap(TapQA):
    """The tap with its settings, for a look at vendors: it needs no dates and has little patience."""

    @override
    def config_problems(self) -> Iterator[str]:
        self._config = {"start_date": "2020-01-01T00:00:00Z", **self._config}
        yield from super().config_problems()

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        found = super()._validate_config(raise_errors=raise_errors)
        patience = {"max_retries": MAX_ATTEMPTS, "max_wait_minutes": MAX_WAIT_MINUTES}
        self._config |= {name: min(most, self._config[name]) for name, most in patience.items()}
        return found

    def opener(self, vendor: Vendor) -> Callable[[], Account]:
        """Return what connects to a vendor for its probes."""

        def open_account() -> Account:
            connection = vendor.connect(self.config[vendor.name], self.run_context, vendor.streams)
            connection.ensure_server_time()
            return Account(self.config[vendor.name], connection.client, connection.server_clock)

        return open_account


@click.command()
@click.option("--config", multiple=True, help="A file with the tap's settings, or ENV; may be given several times.")
@click.option("--vendor", "chosen", multiple=True, help="Only this vendor; may be given several times.")
@click.option("--only", default="", help="Only these probes, as S2,S12; the access probe of each vendor runs as well.")
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", help="What goes to stdout.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file for the JSON report.")
@click.option("--list", "listing", is_flag=True, help="Print all probes and their requests, and send nothing.")
@click.version_option(metadata.version("tap-qa"))
def doctor(  # noqa: PLR0913 - the options
    config: tuple[str, ...], chosen: tuple[str, ...], only: str, form: str, output: Path | None, *, listing: bool
) -> None:
    """Ask the configured vendors how they behave: read-only requests, and a report without secrets or personal data.

    Exit status: 0 fine, 1 a vendor is out of reach or refuses the credentials, 2 the config is wrong, 3 a setting
    should be changed.
    """
    probes = {vendor.name: tuple(vendor.probes) for vendor in VENDORS}
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    unknown = wanted - {probe.id for found in probes.values() for probe in found}
    unknown |= set(chosen) - set(probes)
    if unknown:
        message = f"there is no {', '.join(sorted(unknown))}; see --list."
        raise click.BadParameter(message)
    if listing:
        for line in _listing(probes):
            click.echo(line)
        return
    tap = _tap(config)
    vendors = _run_all(tap, chosen, wanted)
    report = as_json(
        vendors,
        version=metadata.version("tap-qa"),
        day=tap.clock.now().date(),
        secrets=secret_values(tap.config, tap.config_jsonschema),
    )
    text = json.dumps(report, indent=2)
    if output is not None:
        output.write_text(text + "\n", encoding="utf-8")
    titles = {vendor.name: vendor.title for vendor in VENDORS}
    questions = {probe.id: probe.question for found in probes.values() for probe in found}
    click.echo(text if form == "json" else "\n".join(as_text(report, titles, questions)))
    sys.exit(_status(vendors))


def _tap(config: tuple[str, ...]) -> ExaminedTap:
    try:
        given = read_configs(config, ExaminedTap._drop_unset)  # noqa: SLF001 - as `--config` of the tap
        return ExaminedTap(config=given, parse_env_config="ENV" in config, validate_config=True)
    except ConfigValidationError as error:
        for line in error.errors:
            logger.error("%s", line)  # noqa: TRY400 - foreseen, so no traceback
    except (TapQAError, OSError) as error:
        logger.error("%s", error)  # noqa: TRY400
    sys.exit(WRONG_CONFIG)


def _run_all(tap: ExaminedTap, chosen: tuple[str, ...], wanted: set[str]) -> list[VendorResults]:
    clock = tap.run_context.clock
    ends = clock.monotonic() + MAX_SECONDS
    vendors = []
    for vendor in VENDORS:
        if not tap.config.get(vendor.name) or (chosen and vendor.name not in chosen):
            continue
        run = [probe for probe in vendor.probes if not wanted or probe.is_gate or probe.id in wanted]
        found = VendorResults(vendor.name, list(run_probes(run, tap.opener(vendor), clock, ends)))
        vendors.append(found)
    return vendors


def _status(vendors: list[VendorResults]) -> int:
    if any(vendor.is_out_of_reach for vendor in vendors):
        return UNREACHABLE
    return TO_DO if any(vendor.suggests for vendor in vendors) else FINE


def _listing(probes: dict[str, tuple[Probe, ...]]) -> Iterator[str]:
    for vendor, found in probes.items():
        for probe in found:
            asks = "; ".join(map(str, probe.asks)) or "the call for a token"
            yield f"{vendor:14} {probe.id:4} {probe.group:7} {probe.question}: {asks}"


def main() -> Any:  # noqa: ANN401 - ends the process
    """Run the command."""
    doctor(prog_name="tap-qa-doctor")
