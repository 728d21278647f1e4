"""Google Analytics 4: sessions and purchases that the advertiser's own tag counted, as evidence."""

from .connector import Ga4

__all__ = ["Ga4"]
