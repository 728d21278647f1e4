"""The Bing Ads API as the sandbox plays it."""

from .fake import MicrosoftAdsFake

__all__ = ["MicrosoftAdsFake"]
