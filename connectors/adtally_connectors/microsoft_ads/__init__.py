"""Microsoft Advertising: delivery, conversions by goal, terms, insertion orders and billing documents."""

from .connector import MicrosoftAds

__all__ = ["MicrosoftAds"]
