"""The Google Ads API as the sandbox plays it."""

from .fake import GoogleAdsFake

__all__ = ["GoogleAdsFake"]
