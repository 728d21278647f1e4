"""The LinkedIn Marketing API as the sandbox plays it."""

from .fake import LinkedInAdsFake

__all__ = ["LinkedInAdsFake"]
