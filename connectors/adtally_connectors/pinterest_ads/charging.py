"""What a Pinterest ad group is charged for, and what its bid means.

Source: API v5, OpenAPI document 5.23.0, ad groups (read 2026-11). There are three billable events. A goal of
so much per conversion is a target and never a price. That a bid for impressions is for 1,000 of them is not
said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from adtally import Model, RateKind, Terms, in_common

from . import wire
from .entities import first_day, to_id


class Charge(NamedTuple):
    """The unit that is paid for; ``event`` is the name of its column in the ledger, "" = unknown or mixed."""

    model: Model | None = None
    event: str = ""


MIXED = Charge()
BY_EVENT = {
    "CLICKTHROUGH": Charge("cpc", "clicks"),
    "IMPRESSION": Charge("cpm", "impressions"),
    "VIDEO_V_50_MRC": Charge("cpv", "video_views"),
}
KINDS: dict[str, RateKind] = {"MAX_BID": "cap", "TARGET_AVG": "target"}
"""By ``bid_strategy_type``; with any other one Pinterest bids by itself."""
WORDS = ("billable_event", "bid_strategy_type", "bid_in_micro_currency", "bid_multiplier")
GOAL_WORDS = ("conversion_event", "cpa_goal_value_in_micro_currency", "is_roas_optimized")


def to_charge(group: wire.AdGroup) -> Charge:
    """What the ad group pays for; nothing where its billable event is unknown."""
    return BY_EVENT.get(group.billable_event or "", MIXED)


def charges(groups: Iterable[wire.AdGroup], by: Literal["id", "campaign_id"]) -> dict[str, Charge]:
    """The charge of each ad group, or of each campaign whose ad groups all share one."""
    pairs = ((to_id(getattr(group, by)), to_charge(group)) for group in groups)
    return in_common(pairs, lambda _one, _other: MIXED)


def to_terms(group: wire.AdGroup) -> Terms:
    """The terms of one ad group; the price is micros of the account's currency, per 1,000 for cpm.

    With a conversion goal a bid is no price of what is charged. A multiplied bid bounds nothing either.
    """
    charge, bid = to_charge(group), group.bid_in_micro_currency
    kind = KINDS.get(group.bid_strategy_type or "", "auto") if bid else "auto"
    if group.goal and kind != "auto":
        kind = "target"
    is_price = kind != "auto" and not group.goal and group.bid_multiplier in (None, 0, 1)
    return Terms(
        level="ad_group",
        entity_id=to_id(group.id),
        campaign_id=to_id(group.campaign_id),
        first_day=first_day(group.start_time),
        model=charge.model,
        billable_event=charge.event,
        rate_micros=bid if is_price and charge.model else None,
        kind=kind,
        native=", ".join(_words(group)),
    )


def _words(group: wire.AdGroup) -> Iterator[str]:
    """Pinterest's own settings that explain the charge, as ``name=value``; 0 is no setting."""
    for owner, names in ((group, WORDS), (group.goal, GOAL_WORDS)):
        for name in names:
            if value := getattr(owner, name, None):
                yield f"{name}={value}"
