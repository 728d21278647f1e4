"""AppsFlyer: installs, clicks and impressions as the app's measurement partner counts them, as evidence."""

from .connector import AppsFlyer

__all__ = ["AppsFlyer"]
