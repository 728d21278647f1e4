"""Which connectors exist, and the ones that the user configured, ready to be asked.

A connector type is found by its entry point (group ``adtally.connectors``) or by an import path such as
``my_ads:Northwind``, for which modules beside the configuration file can be imported. The bundled connectors
come in by the same door.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import get_args, get_origin

from pydantic import ValidationError

from .connector import Connector, MetricGroup, Report
from .errors import ConfigError
from .records import CountryCost, Delivery, Evidence, Grain, HourlyCost, Interaction, Record
from .settings import OWN_KEYS, ConnectorTable, Settings, explained, hint
from .tokens import TokenFile

log = logging.getLogger(__name__)

GROUP = "adtally.connectors"
METRICS: frozenset[type[Record]] = frozenset({Delivery, Interaction, Evidence, HourlyCost, CountryCost})


@dataclass(frozen=True, slots=True)
class Configured:
    """One ``[connectors.NAME]`` of the configuration, ready to be asked."""

    name: str
    connector: Connector
    accounts: tuple[str, ...]
    """Canonical ids; () = every account that the credentials see."""
    grains: tuple[Grain, ...]
    restated_days: int | None = None
    final_after: Mapping[MetricGroup, int] = field(default_factory=dict[MetricGroup, int])

    def reports(self) -> list[Report]:
        """The wanted reports: daily ones of the wanted grains, asked again for as long as the user says."""
        return [
            self._restated(report)
            for report in self.connector.reports()
            if report.cadence != "daily" or report.grain in self.grains
        ]

    def _restated(self, report: Report) -> Report:
        if report.cadence == "file" or METRICS.isdisjoint(report.records):
            return report
        longest = max(report.restated_days, *self.final_after.values(), 0)
        return replace(
            report,
            restated_days=longest if self.restated_days is None else self.restated_days,
            final_after={**report.final_after, **self.final_after},
        )


def connector_types() -> dict[str, type[Connector]]:
    """Every installed connector type by its name; one that cannot be loaded is logged and left out."""
    types: dict[str, type[Connector]] = {}
    for name, point in sorted(_points().items()):
        try:
            types[name] = _loaded(point)
        except ConfigError as error:
            log.warning("%s", error)
    return types


def load_type(use: str, folder: Path) -> type[Connector]:
    """The connector type of an entry point's name, or of an import path; ``folder`` is importable for that.

    The folder comes last in the search, so that no file in it stands in for an installed module. Raises
    ConfigError.
    """
    if ":" not in use:
        points = _points()
        if use not in points:
            raise ConfigError(f"no connector type of this name is installed{hint(use, points)}")
        return _loaded(points[use])
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return _loaded(EntryPoint(name=use, value=use, group=GROUP))


def build(settings: Settings, name: str) -> Configured:
    """The configured connector ``name``. Raises ConfigError, which names the file, the table and the key."""
    if name not in settings.connectors:
        near = hint(name, settings.connectors)
        raise ConfigError(f"{settings.file}: there is no [connectors.{name}]{near}")
    table = settings.connectors[name]
    try:
        kind = load_type(table.use or name, settings.folder)
    except ConfigError as error:
        raise ConfigError(f"{settings.where('connectors', name, 'use')}: {error}") from error
    try:
        connector = kind.model_validate(_fields(kind, table))
    except ValidationError as error:
        raise explained(
            error,
            above=("connectors", name),
            where=lambda keys: settings.where(*keys),
            known=lambda _: [*_keys(kind), *OWN_KEYS],
        ) from None  # a stranger's validator may have quoted a secret
    connector.bind(folder=settings.folder, token_file=TokenFile(settings.token_path, name))
    return Configured(name, connector, table.accounts, table.grains, table.restated_days, table.final_after)


def build_all(settings: Settings, names: Iterable[str] | None = None) -> list[Configured]:
    """The connectors of these names, or all, in the order of the configuration. Raises ConfigError."""
    return [build(settings, name) for name in (settings.connectors if names is None else names)]


def _points() -> dict[str, EntryPoint]:
    points: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if points.setdefault(point.name, point).value != point.value:
            both = f"{points[point.name].value} and {point.value}"
            raise ConfigError(f"two packages offer a connector {point.name}, {both}: uninstall one")
    return points


def _loaded(point: EntryPoint) -> type[Connector]:
    try:
        kind: object = point.load()
    except ModuleNotFoundError as error:
        raise ConfigError(f"{point.value}: there is no module {error.name}") from error
    except AttributeError as error:
        raise ConfigError(f"{point.value}: {error}") from error
    except Exception as error:  # a stranger's module may fail in any way
        raise ConfigError(f"{point.value}: cannot be imported ({type(error).__name__}: {error})") from error
    if not (isinstance(kind, type) and issubclass(kind, Connector)):
        raise ConfigError(f"{point.value}: not a connector: a subclass of adtally.Connector is needed")
    return kind


def _keys(kind: type[Connector]) -> list[str]:
    """The keys of the type's table."""
    return [field.alias or name for name, field in kind.model_fields.items()]


def _fields(kind: type[Connector], table: ConnectorTable) -> dict[str, object]:
    """The connector's own values; a list or table that the environment gave is read as JSON."""
    shapes = {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
    return {
        key: _parsed(value) if isinstance(value, str) and _is_json(shapes.get(key)) else value
        for key, value in table.fields.get_secret_value().items()
    }


def _is_json(shape: object) -> bool:
    """Whether the type is a list or a table and never text."""
    arms = [get_origin(arm) or arm for arm in (get_args(shape) if get_origin(shape) is not None else ())]
    containers = (list, tuple, set, frozenset, dict, Mapping)
    return get_origin(shape) in containers or (str not in arms and any(arm in containers for arm in arms))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text  # which the field's own type then refuses
