"""What the tap and the target share as SDK plugins: validated settings, redaction and the context of a run."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING

from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.plugin_base import PluginBase
from typing_extensions import override

from tap_qa.runtime.clock import Clock, SystemClock
from tap_qa.runtime.context import RunContext, build_run_context
from tap_qa.runtime.redaction import Redactor, secret_values
from tap_qa.runtime.zones import use_newest_rules

if TYPE_CHECKING:
    from collections.abc import Iterable


class QAPlugin(PluginBase, abc.ABC):
    """A plugin whose settings are checked completely, and whose logs hold no secret."""

    clock: Clock = SystemClock()

    @abc.abstractmethod
    def config_problems(self) -> Iterable[str]:
        """Find everything that is wrong with the config, one line each; no line holds a value."""

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings and report every problem, never a value: the SDK's own messages hold secrets."""
        use_newest_rules(now=self.clock.now())
        self._redactor = Redactor(secret_values(self.config, self.config_jsonschema))
        self._redactor.attach()
        if raise_errors and (found := list(self.config_problems())):
            message = "Config validation failed"
            raise ConfigValidationError(message, errors=found)
        super()._validate_config(raise_errors=False)  # fills in defaults
        return []

    @cached_property
    def run_context(self) -> RunContext:
        """What the clients of all vendors share in this run."""
        return build_run_context(self.config, product=self.name, clock=self.clock, hide=self._redactor.add_secrets)
