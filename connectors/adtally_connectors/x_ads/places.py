"""Where a thing stands: its campaign and ad group, what is paid for there, and in which currency.

Source: X Ads API v12, "Hierarchy and Terminology", "Currency" (snapshot of 2026-08-22; read 2026-11).
Reports tell bare ids; line items know the campaign, the currency and the charge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from adtally import Account, ContractError, TransientError

from . import wire
from .charging import MIXED, Charge, charges


class Place(NamedTuple):
    campaign_id: str
    ad_group_id: str = ""
    ad_id: str = ""
    charge: Charge = MIXED
    currency: str = ""
    """"" = the account's."""


def of_campaigns(items: Iterable[wire.LineItem], account: Account) -> dict[str, Place]:
    """The campaigns that have line items."""
    known = list(items)
    by_campaign = charges(known, "campaign_id")
    return {
        item.campaign_id: Place(
            item.campaign_id, charge=by_campaign[item.campaign_id], currency=_currency(item, account)
        )
        for item in known
    }


def of_ad_groups(items: Iterable[wire.LineItem], account: Account) -> dict[str, Place]:
    known = list(items)
    by_item = charges(known, "id")
    return {
        item.id: Place(item.campaign_id, item.id, charge=by_item[item.id], currency=_currency(item, account))
        for item in known
    }


def of_ads(ads: Iterable[wire.Promoted], groups: Mapping[str, Place]) -> dict[str, Place]:
    """The ads whose line item is listed."""
    return {ad.id: groups[ad.line_item_id]._replace(ad_id=ad.id) for ad in ads if ad.line_item_id in groups}


def place_of(one: str, places: Mapping[str, Place], campaigns: Collection[str] = ()) -> Place:
    """The place of an id, in one of these campaigns where some are named.

    Raises TransientError where no list has it, for it may be younger than the list; ContractError where it is
    in another campaign.
    """
    place = places.get(one)
    if place is None:
        raise TransientError(f"{one[:40]} is told of and not listed: sync again")
    if campaigns and place.campaign_id not in campaigns:
        raise ContractError(f"{one[:40]} came, of a campaign that was not asked for")
    return place


def _currency(item: wire.LineItem, account: Account) -> str:
    return "" if item.currency in (None, account.currency) else item.currency or ""
