"""Values from the environment and from files of secrets: text in the same tables as the file's.

A value stays text until the type of its key converts it, so that an id ``0123`` or a password ``1e5`` arrives
as it was written.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from ..errors import ConfigError

PREFIX = "ADTALLY_"
BETWEEN = "__"
LARGEST_SECRET = 64 * 1024
Tables: TypeAlias = "dict[str, str | Tables]"


def variable(keys: tuple[str | int, ...]) -> str:
    """The name of the environment variable, and of the secret's file, for the value at ``keys``."""
    return PREFIX + BETWEEN.join(str(key) for key in keys).upper()


def from_environment() -> dict[str, str]:
    """Our variables by their names in upper case; an empty one counts as not set."""
    return {name.upper(): text for name, text in os.environ.items() if _is_ours(name) and text}


def from_folder(folder: Path | None) -> dict[str, str]:
    """The secrets in ``folder`` by the names of their files, in upper case, without the last line's end.

    A file bears the name of its variable; other files are left alone. Raises ConfigError.
    """
    if folder is None:
        return {}
    try:
        return {file.name.upper(): _secret(file) for file in sorted(folder.iterdir()) if _is_ours(file.name)}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"secrets_dir {folder}: cannot be read ({type(error).__name__})") from None


class Variables(PydanticBaseSettingsSource):
    """A settings source that puts the text of each variable into the table and key that its name says."""

    def __init__(self, settings: type[BaseSettings], texts: Mapping[str, str]) -> None:
        super().__init__(settings)
        self._texts = texts

    def __call__(self) -> Tables:
        tables: Tables = {}
        for name, text in self._texts.items():
            *path, key = name.removeprefix(PREFIX).lower().split(BETWEEN)
            top = path[0] if path else key
            if top not in self.settings_cls.model_fields:
                if path:
                    near = get_close_matches(top, self.settings_cls.model_fields, n=1)
                    hint = f"; did you mean {variable((near[0],))}{BETWEEN}...?" if near else ""
                    raise ConfigError(f"{name}: no table of the configuration is called {top}{hint}")
                continue  # such as ADTALLY_CONFIG
            if path[:2] == ["reconcile", "rates"]:
                path[2:] = [code.upper() for code in path[2:]]  # currencies are the only keys in upper case
            table = tables
            for step in path:
                inner = table.setdefault(step, {})
                if not isinstance(inner, dict):
                    raise ConfigError(f"{name}: {step} is also set as a value of its own")
                table = inner
            table[key] = text
        return tables

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[object, str, bool]:
        """What the parent demands: one field, where ``__call__`` reads all at once."""
        return self().get(field_name), field_name, False


def _is_ours(name: str) -> bool:
    return name.upper().startswith(PREFIX)


def _secret(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(LARGEST_SECRET + 1)
    if len(content) > LARGEST_SECRET:
        raise ConfigError(f"{file}: larger than a secret can be ({LARGEST_SECRET:,} bytes)")
    return content.decode().removesuffix("\n").removesuffix("\r")
