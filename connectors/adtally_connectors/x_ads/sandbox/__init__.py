"""The X Ads API as the sandbox plays it."""

from .fake import XAdsFake

__all__ = ["XAdsFake"]
