"""The Amazon Ads API as the sandbox plays it."""

from .fake import AmazonAdsFake

__all__ = ["AmazonAdsFake"]
