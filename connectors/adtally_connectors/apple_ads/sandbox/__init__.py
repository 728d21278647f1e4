"""The Apple Ads Platform API as the sandbox plays it."""

from .fake import AppleAdsFake

__all__ = ["AppleAdsFake"]
