"""Whose a row of stats is: these name one thing and nothing above it.

Source: developers.snap.com, Ads API v1, "Measurement", "Ads", "Ad Squads" (read 2026-11). A deleted thing
that has left the lists has stats all the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from . import wire
from .queries import Breakdown

log = logging.getLogger(__name__)


class Family(NamedTuple):
    """A thing and what it belongs to; "" = does not apply, or is not known."""

    campaign_id: str = ""
    ad_group_id: str = ""
    ad_id: str = ""


def families(
    level: Breakdown, squads: Iterable[wire.AdSquad], ads: Iterable[wire.Ad] = ()
) -> dict[str, Family]:
    """The families of everything that is listed, by the ids that stats of the level name."""
    if level == "campaign":
        return {}
    of_squads = {squad.id: Family(squad.campaign_id, squad.id) for squad in squads}
    if level == "adsquad":
        return of_squads
    return {
        ad.id: of_squads.get(ad.ad_squad_id, Family("", ad.ad_squad_id))._replace(ad_id=ad.id) for ad in ads
    }


def whose(level: Breakdown, thing_id: str, known: Mapping[str, Family], campaign_id: str) -> Family:
    """The family of a thing; of one that no list has, what is known all the same.

    ``campaign_id`` is the campaign that was asked for alone, or "".
    """
    if level == "campaign":
        return Family(thing_id)
    if family := known.get(thing_id):
        return family
    log.warning("snapchat_ads: %s %s is in no list: what it belongs to is not known", level, thing_id)
    return Family(campaign_id, thing_id) if level == "adsquad" else Family(campaign_id, "", thing_id)
