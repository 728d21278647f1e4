"""The GA4 Data API as the sandbox plays it."""

from .fake import Ga4Fake

__all__ = ["Ga4Fake"]
