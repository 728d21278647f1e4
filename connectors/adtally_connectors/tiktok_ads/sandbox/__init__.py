"""The TikTok API for Business as the sandbox plays it."""

from .fake import TikTokAdsFake

__all__ = ["TikTokAdsFake"]
