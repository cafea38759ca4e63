"""All probes there are: which of them a command line chooses, and how they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tap_qa.tap import VENDORS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tap_qa.probes.probe import Probe

    Catalogue = Mapping[str, Sequence[Probe]]


def probes_by_vendor() -> dict[str, tuple[Probe, ...]]:
    """Return every vendor's probes, in the order in which they run."""
    return {vendor.name: tuple(vendor.probes) for vendor in VENDORS}


def choose(
    probes: Catalogue, vendors: Collection[str], only: str, watch: str, *, exports: bool
) -> dict[str, tuple[Probe, ...]]:
    """Return the probes that a command line means; those of access of each vendor come along.

    Raises:
        click.BadParameter: It names what there is not, or watches what can't be watched.
    """
    wanted = {name.strip() for name in only.split(",") if name.strip()} | ({watch} if watch else set())
    by_id = {probe.id: probe for found in probes.values() for probe in found}
    unknown = sorted((wanted - set(by_id)) | (set(vendors) - set(probes)))
    if unknown:
        message = f"there is no {', '.join(unknown)}; see --list."
        raise click.BadParameter(message)
    if watch and by_id[watch].watch is None:
        able = ", ".join(probe.id for probe in by_id.values() if probe.watch)
        message = f"{watch} can't be watched; these can: {able}."
        raise click.BadParameter(message)
    if watch and by_id[watch].exports and not exports:
        message = f"--watch {watch} asks for files: add --exports."
        raise click.BadParameter(message)
    return {
        vendor: tuple(probe for probe in found if not wanted or probe.is_access or probe.id in wanted)
        for vendor, found in probes.items()
        if (not vendors or vendor in vendors) and (not wanted or wanted & {probe.id for probe in found})
    }


def as_text_lines(probes: Catalogue) -> Iterator[str]:
    """Yield the lines of a list for people."""
    for vendor, found in probes.items():
        for probe in found:
            yield f"{vendor} {probe.id}: {probe.question} ({probe.group}; {_cost(probe)})"
            yield from (f"    {asked}" for asked in probe.asks)


def _cost(probe: Probe) -> str:
    needs = [
        *(["with --exports"] if probe.exports else []),
        *([f"with --watch {probe.id}"] if probe.read is None else []),
    ]
    return ", ".join([f"{probe.cost} request{'' if probe.cost == 1 else 's'} at most", *needs])


def as_objects(probes: Catalogue) -> list[dict[str, Any]]:
    """Return the list as JSON."""
    return [
        {
            "vendor": vendor,
            "id": probe.id,
            "group": probe.group,
            "question": probe.question,
            "readings": dict(probe.readings),
            "today": probe.today,
            "requests": list(map(str, probe.asks)),
            "cost": _cost(probe),
        }
        for vendor, found in probes.items()
        for probe in found
    ]
