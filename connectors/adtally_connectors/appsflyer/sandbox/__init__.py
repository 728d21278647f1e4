"""AppsFlyer's APIs as the sandbox plays them."""

from .fake import AppsFlyerFake

__all__ = ["AppsFlyerFake"]
