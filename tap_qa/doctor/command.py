"""The command line of `tap-qa-doctor`."""

from __future__ import annotations

import json
import logging
import sys
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import click
from singer_sdk.exceptions import ConfigValidationError
from typing_extensions import override

from tap_qa.config.input_files import read_configs
from tap_qa.doctor.catalogue import as_objects, as_text_lines, choose, probes_by_vendor
from tap_qa.doctor.examination import VendorResults, run_probes
from tap_qa.doctor.report import as_json, as_text, private_values
from tap_qa.doctor.zone_rules import configured_zones
from tap_qa.doctor.zone_rules import zone_query as query_of_zones
from tap_qa.errors import TapQAError
from tap_qa.probes.account import Account, Permissions
from tap_qa.runtime.redaction import secret_values
from tap_qa.state.date_range import DateSettings
from tap_qa.tap import VENDORS, TapQA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tap_qa.probes.probe import Probe
    from tap_qa.vendor import Vendor

logger = logging.getLogger("tap-qa-doctor")
FINE, UNREACHABLE, WRONG_CONFIG, TO_DO = 0, 1, 2, 3
MAX_ATTEMPTS = 3
MAX_WAIT_MINUTES = 1
MAX_SECONDS = 180.0
"""For all vendors together."""

MAX_SECONDS_WITH_EXPORTS = 900.0
"""Also where something done by hand is waited for."""

SENDING_BACK = (
    "Nothing was sent anywhere. The report holds no secret and no personal datum; if you like, read it and attach it "
    'to an issue "vendor facts" of the repository: it settles these questions for everybody.'
)


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

    def opener(self, vendor: Vendor, permissions: Permissions, ends: float) -> Callable[[], Account]:
        """Return what opens a vendor's account for its probes."""

        def open_account() -> Account:
            connection = vendor.connect(self.config[vendor.name], self.run_context, vendor.streams)
            return Account(self.config[vendor.name], connection, permissions, ends)

        return open_account


@click.command()
@click.option("--config", multiple=True, help="A file with the tap's settings, or ENV; may be given several times.")
@click.option("--vendor", "vendors", multiple=True, help="Only this vendor; may be given several times.")
@click.option("--only", default="", help="Only these probes, as S2,S12; those of access run first in any case.")
@click.option(
    "--exports",
    is_flag=True,
    help="Ask for files, too: MaestroQA lists each in the account, CXone gives up its one job slot for some minutes.",
)
@click.option("--watch", default="", help="This probe alone, around something that you do by hand when asked.")
@click.option(
    "--include-names", is_flag=True, help="Name unknown columns and fields; your organisation may have chosen them."
)
@click.option("--format", "form", type=click.Choice(["human", "json"]), default="human", help="What goes to stdout.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file for the JSON report.")
@click.option(
    "--zone-query", is_flag=True, help="Print SQL that compares the warehouse's rules of time zones; send nothing."
)
@click.option("--zone", "zones", multiple=True, help="For --zone-query: a zone beside those of the config.")
@click.option("--list", "listing", is_flag=True, help="Print all probes and their requests, and send nothing.")
@click.version_option(metadata.version("tap-qa"))
def doctor(  # noqa: PLR0913 - the options
    config: tuple[str, ...],
    vendors: tuple[str, ...],
    only: str,
    watch: str,
    form: str,
    *,
    output: Path | None,
    exports: bool,
    include_names: bool,
    zone_query: bool,
    zones: tuple[str, ...],
    listing: bool,
) -> None:
    """Ask the configured vendors how they behave: read-only requests, and a report without secrets or personal data.

    Exit status: 0 fine, 1 a vendor is out of reach or refuses the credentials, 2 the config is wrong, 3 a setting
    should be changed.
    """
    probes = choose(probes_by_vendor(), vendors, only, watch, exports=exports)
    if listing:
        click.echo(json.dumps(as_objects(probes), indent=2) if form == "json" else "\n".join(as_text_lines(probes)))
        return
    if watch and not has_terminal():
        message = "--watch needs a terminal, to tell you what to do and when."
        raise click.UsageError(message)
    if output is not None and not output.parent.is_dir():
        message = "--output names a folder that is not there."
        raise click.BadParameter(message)
    tap = _tap(config, vendors)
    if zone_query:
        named = {*configured_zones(tap.config), *map(_known_zone, zones)}
        click.echo(query_of_zones(sorted(named), DateSettings.of(tap.config).start, tap.clock.now()), nl=False)
        return
    permissions = Permissions(exports=exports, names=include_names, watched=watch, prompt=press_enter)
    results = _run_all(tap, probes, permissions)
    report = as_json(
        results,
        version=metadata.version("tap-qa"),
        day=tap.clock.now().date(),
        secrets=secret_values(tap.config, tap.config_jsonschema) | private_values(tap.config),
    )
    text = json.dumps(report, indent=2)
    if output is not None:
        output.write_text(text + "\n", encoding="utf-8")
    if form == "json":
        click.echo(text)
    else:
        _print(report, probes, output)
    sys.exit(_status(results))


def has_terminal() -> bool:
    """Return whether there is somebody to ask."""
    return sys.stdin.isatty()


def tell(vendor: str, probe: Probe) -> None:
    """Tell who sits and waits what goes on."""
    if sys.stderr.isatty():
        click.echo(f"{vendor}: {probe.id}, {probe.question}", err=True)


def press_enter(what: str) -> None:
    """Ask the user to do something, and return when it is done."""
    click.prompt(f"{what}, then press Enter", default="", show_default=False, prompt_suffix=" ", err=True)


def _print(report: Mapping[str, Any], probes: Mapping[str, Sequence[Probe]], output: Path | None) -> None:
    titles = {vendor.name: vendor.title for vendor in VENDORS}
    by_id = {probe.id: probe for found in probes.values() for probe in found}
    click.echo("\n".join(as_text(dict(report), titles, by_id)))
    click.echo(f"The report is in {output}." if output else "For a report to keep, add --output report.json.")
    click.echo(SENDING_BACK)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        message = f"{name!r} is not the name of a time zone, such as Europe/Dublin."
        raise click.BadParameter(message)
    return name


def _tap(config: tuple[str, ...], vendors: tuple[str, ...]) -> ExaminedTap:
    try:
        given = read_configs(config, ExaminedTap._drop_unset)  # noqa: SLF001 - as `--config` of the tap
        tap = ExaminedTap(config=given, parse_env_config="ENV" in config, validate_config=True)
    except ConfigValidationError as error:
        for line in error.errors:
            logger.error("%s", line)  # noqa: TRY400 - foreseen, so no traceback
    except (TapQAError, OSError) as error:
        logger.error("%s", error)  # noqa: TRY400 - foreseen
    else:
        missing = [name for name in vendors if not tap.config.get(name)]
        if not missing:
            return tap
        logger.error("the config holds no settings of %s.", ", ".join(missing))
    sys.exit(WRONG_CONFIG)


def _run_all(tap: ExaminedTap, probes: Mapping[str, Sequence[Probe]], permissions: Permissions) -> list[VendorResults]:
    monotonic = tap.run_context.clock.monotonic
    ends = monotonic() + (MAX_SECONDS_WITH_EXPORTS if permissions.exports or permissions.watched else MAX_SECONDS)
    return [
        VendorResults(
            vendor.name,
            list(
                run_probes(
                    probes[vendor.name],
                    tap.opener(vendor, permissions, ends),
                    permissions,
                    monotonic,
                    partial(tell, vendor.title),
                )
            ),
        )
        for vendor in VENDORS
        if tap.config.get(vendor.name) and probes.get(vendor.name)
    ]


def _status(vendors: list[VendorResults]) -> int:
    if any(vendor.is_out_of_reach for vendor in vendors):
        return UNREACHABLE
    return TO_DO if any(vendor.suggests for vendor in vendors) else FINE


def main() -> Any:  # noqa: ANN401 - ends the process
    """Run the command."""
    doctor(prog_name="tap-qa-doctor")
