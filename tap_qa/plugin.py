"""What the tap and the target share as SDK plugins: settings read and checked, redaction and the context of a run."""

from __future__ import annotations

import abc
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers._classproperty import classproperty
from singer_sdk.plugin_base import PluginBase, _ConfigInput
from typing_extensions import override

from tap_qa.config import environment, given_values, input_files, validation
from tap_qa.config.json_object import shown
from tap_qa.runtime.clock import Clock, SystemClock
from tap_qa.runtime.context import RunContext, build_run_context
from tap_qa.runtime.exit_status import exit_on_error, exit_on_output_error
from tap_qa.runtime.redaction import Redactor, secret_values
from tap_qa.runtime.startup import install_signal_handlers
from tap_qa.runtime.zones import use_newest_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import click

    from tap_qa.config.properties import VendorSettings


class QAPlugin(PluginBase, abc.ABC):
    """A plugin whose settings are checked completely, and whose logs hold no secret."""

    clock: Clock = SystemClock()
    vendors: ClassVar[Sequence[VendorSettings]]
    """The vendors, each with an object in the config."""

    def __init__(
        self,
        *,
        config: Mapping[str, Any] | None = None,
        parse_env_config: bool = False,
        **options: Any,  # noqa: ANN401 - as the SDK's classes have them
    ) -> None:
        """Take the settings; what variables say is merged into them, object by object.

        Args:
            config: What files say.
            parse_env_config: Whether variables count.
            options: The SDK's own.

        Raises:
            SettingsError: A variable does not hold what its setting takes.
        """
        given = self._drop_unset(config or {})
        if parse_env_config:
            given = given_values.merge(given, self._drop_unset(self._env_var_config))
        given, trimmed = given_values.clean(given, self._vendor_names())
        for name in trimmed:
            self.logger.warning("%s: characters that can't be seen were left out at its ends.", shown(name))
        super().__init__(config=given, parse_env_config=False, **options)

    @abc.abstractmethod
    def config_problems(self) -> Iterable[str]:
        """Find everything that is wrong with the config, one line each; no line holds a value."""

    @classmethod
    def _vendor_names(cls) -> list[str]:
        return [vendor.name for vendor in cls.vendors]

    @classmethod
    def _drop_unset(cls, config: Mapping[str, Any]) -> dict[str, Any]:
        return given_values.drop_unset(config, cls._vendor_names())

    @classproperty
    def _env_var_config(cls) -> dict[str, Any]:  # noqa: N805 - the SDK's, which knows no settings inside objects
        cls.append_builtin_config(cls.config_jsonschema)
        return environment.config_from_environment(cls.config_jsonschema, cls._env_var_prefix)

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings and report every problem, never a value: the SDK's own messages hold secrets."""
        use_newest_rules(now=self.clock.now())
        self.append_builtin_config(self.config_jsonschema)
        self._redactor = Redactor(secret_values(self.config, self.config_jsonschema))
        self._redactor.attach()
        if raise_errors and (found := [*self._unknown_names(), *self.config_problems()]):
            message = "Config validation failed"
            raise ConfigValidationError(message, errors=found)
        super()._validate_config(raise_errors=False)  # fills in defaults
        return []

    def _unknown_names(self) -> Iterable[str]:
        yield from validation.unknown_settings(self.config, self.config_jsonschema)
        yield from environment.variable_problems(self.config_jsonschema, self._env_var_prefix)

    @override
    def _setup_signal_handlers(self) -> None:
        if threading.current_thread() is threading.main_thread():
            install_signal_handlers(self._handle_termination)

    @classmethod
    @override
    def cb_config(cls, ctx: click.Context, param: click.Option, value: tuple[str, ...]) -> _ConfigInput:
        """Read the config files strictly, and merge them object by object."""
        with exit_on_error(cls.name):
            return _ConfigInput(config=input_files.read_configs(value, cls._drop_unset), parse_env="ENV" in value)

    @classmethod
    @override
    def print_about(cls, output_format: str | None = None) -> None:
        with exit_on_output_error(cls.name):
            super().print_about(output_format)

    @cached_property
    def run_context(self) -> RunContext:
        """What the clients of all vendors share in this run."""
        return build_run_context(
            self.config, product=self.name, clock=self.clock, add_secret=self._redactor.add_secrets
        )
