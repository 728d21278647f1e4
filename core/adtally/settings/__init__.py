"""What the user set, by config.toml, files of secrets and the environment; see docs/configuration.md."""

from .agreements import Agreement, Fee, Tier
from .load import Settings
from .mistakes import explained, hint
from .tables import OWN_KEYS, AgreedModel, ConnectorTable, Price, Tolerance

__all__ = [
    "OWN_KEYS",
    "AgreedModel",
    "Agreement",
    "ConnectorTable",
    "Fee",
    "Price",
    "Settings",
    "Tier",
    "Tolerance",
    "explained",
    "hint",
]
