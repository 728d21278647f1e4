"""The Reddit Ads API as the sandbox plays it."""

from .fake import RedditAdsFake

__all__ = ["RedditAdsFake"]
