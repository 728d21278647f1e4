"""The configuration as a whole: one TOML file, then files of secrets, then the environment, which wins."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, PrivateAttr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from ..errors import ConfigError
from .agreements import Agreement, Agreements, Fee, Flight, Tier
from .mistakes import Keys, explained, hint, origin, place
from .tables import (
    ConnectorName,
    ConnectorTable,
    Ledger,
    Reconcile,
    Sync,
    Tolerance,
)
from .variables import Variables, from_environment, from_folder

SHAPES: dict[str, type[BaseModel]] = {
    "ledger": Ledger,
    "sync": Sync,
    "reconcile": Reconcile,
    "money_match": Tolerance,
    "rate_match": Tolerance,
    "agreements": Agreement,
    "flight": Flight,
    "tiers": Tier,
    "fee": Fee,
}


class Settings(BaseSettings):
    """What the user set. Relative paths count from the folder of the file."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    secrets_dir: str = ""
    ledger: Ledger = Ledger()
    sync: Sync = Sync()
    connectors: dict[ConnectorName, ConnectorTable] = {}
    reconcile: Reconcile = Reconcile()
    agreements: Agreements = ()

    _file: Path = PrivateAttr(default=Path("config.toml"))
    _variables: frozenset[str] = PrivateAttr(default=frozenset())

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """The settings of the file at ``path``, else at ``$ADTALLY_CONFIG``, else ``./config.toml``.

        Raises ConfigError, which names the file or the variable, the table and the key, and never a value.
        """
        file = Path(path or os.environ.get("ADTALLY_CONFIG") or "config.toml").expanduser()
        tables = _read(file)
        named = os.environ.get("ADTALLY_SECRETS_DIR") or tables.get("secrets_dir")
        folder = file.parent / Path(named).expanduser() if isinstance(named, str) and named else None
        variables = frozenset(from_environment()) | frozenset(from_folder(folder))
        try:
            settings = cls(_secrets_dir=folder, **tables)  # type: ignore[arg-type]  # pydantic judges them
        except ValidationError as error:
            raise explained(error, where=lambda keys: _where(keys, file, variables), known=_known) from None
        settings._file, settings._variables = file, variables
        return settings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first source wins; ours leave text as it is, where the usual one reads JSON out of it."""
        secrets = (
            file_secret_settings.secrets_dir
            if isinstance(file_secret_settings, SecretsSettingsSource)
            else None
        )
        folder = secrets if isinstance(secrets, Path) else None
        return (
            Variables(settings_cls, from_environment()),
            Variables(settings_cls, from_folder(folder)),
            init_settings,
        )

    @model_validator(mode="after")
    def _agreements_are_about_connectors(self) -> Self:
        for number, agreement in enumerate(self.agreements, 1):
            named = {"connector": agreement.connector}
            if agreement.counted_by != "platform":
                named["counted_by"] = agreement.counted_by
            if agreement.fee:
                named["billed_by"] = agreement.fee.billed_by
            for key, name in named.items():
                if name not in self.connectors:
                    near = hint(name, self.connectors)
                    raise ValueError(f"[[agreements]] {number}, {key}: no such table in [connectors]{near}")
        return self

    @property
    def file(self) -> Path:
        return self._file

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self._file.absolute().parent

    @property
    def ledger_path(self) -> Path:
        return self.folder / Path(self.ledger.path).expanduser()

    @property
    def token_path(self) -> Path:
        """The file for refresh tokens that a platform rotated."""
        if self.sync.token_file:
            return self.folder / Path(self.sync.token_file).expanduser()
        return self.ledger_path.with_name("tokens.json")

    def where(self, *keys: str | int) -> str:
        """Where the value at ``keys`` was set, or would be: the variable, or file, table and key."""
        return _where(keys, self._file, self._variables)


def _read(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file; `adtally init` writes one") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from None


def _where(keys: Keys, file: Path, variables: Iterable[str]) -> str:
    if not keys:
        return str(file)
    return origin(keys, frozenset(variables)) or f"{file} {place(keys)}"


def _known(keys: Keys) -> Iterable[str]:
    """The keys of the table in which the last one of ``keys`` is unknown."""
    tables = [key for key in keys[:-1] if isinstance(key, str)]
    return SHAPES[tables[-1]].model_fields if tables else Settings.model_fields
