"""Snapchat's Ads API as the sandbox plays it."""

from .fake import SnapchatAdsFake

__all__ = ["SnapchatAdsFake"]
