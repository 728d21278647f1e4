"""Refresh tokens that a platform rotated, kept for the next run."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

import msgspec

from .errors import ConfigError


class TokenFile:
    """Refresh tokens that a platform rotated: kept in a file of mode 0600 for the next run.

    Keyed by connector and a hash of the configured token, so that a token changed in the configuration wins.
    """

    _lock = threading.Lock()

    def __init__(self, path: Path, connector: str) -> None:
        self.path, self.connector = path, connector

    def read(self, configured: str) -> str:
        """The newest token for this configured one; the configured one itself if none was rotated."""
        with self._lock:
            return self._load().get(self._key(configured), configured)

    def write(self, configured: str, rotated: str) -> None:
        with self._lock:
            tokens = self._load()
            tokens[self._key(configured)] = rotated
            fresh = self.path.with_name(self.path.name + ".new")
            try:
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    json.dump(tokens, file, indent=1)
                fresh.replace(self.path)
            except OSError as error:
                raise ConfigError(
                    f"{self.path}: the rotated token cannot be kept ({error.strerror})"
                ) from error

    def _load(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except msgspec.DecodeError as error:
            raise ConfigError(f"{self.path}: not a token file; move it away and sync again") from error
        except OSError as error:
            raise ConfigError(f"{self.path}: cannot be read ({error.strerror})") from error

    def _key(self, configured: str) -> str:
        return f"{self.connector}:{hashlib.sha256(configured.encode()).hexdigest()[:16]}"
