"""The check of orders that several ad accounts claim at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ...money import MICROS, money_text, rounded
from ..facts import CampaignMonth, Facts
from ..pricing import BY_SHARE, share_ppm
from ..rules import Rules
from ..sales_facts import Shop
from ..verdicts import Outcome, Proof, Stake
from .actions import action_of, coverage_of, final_of, id_text, paid_by, unfetched_source
from .campaigns import active, blocked, currency_by_document, one_rate
from .declaration import check
from .outcomes import as_pending, campaign_pool, not_checkable
from .sentences import decimal_text, plural, sentence


class Claimant(NamedTuple):
    """One ad account, and what it claims of a shop's orders."""

    connector: str
    platform: str
    account_id: str
    claims_micros: int
    campaigns: tuple[CampaignMonth, ...]
    attribution: str

    @property
    def per_action(self) -> list[CampaignMonth]:
        return [one for one in self.campaigns if paid_by(one) in ("cpa", "cps")]


@check(
    question="How many conversions are provably claimed more than once?",
    formula="duplicates ≥ Σ claims − orders; with lists of ids: orders of more than one claimant",
    grain="source of orders and month",
    reads=("evidence", "interactions", "delivery.purchases"),
    waits_for=("conversions",),
    tolerance="0",
    severity="info, high where a claimant is paid per action",
)
def order_claimed_by_several(facts: Facts, rules: Rules) -> Iterator[Outcome]:
    """Only of shops that at least two ad accounts lead to, against the distinct orders of all channels.

    Claims are purchases by each platform's own default attribution and dating. No account is taken to claim
    more than all orders: beyond that it counts some twice itself. An account that leads to several shops
    counts only with the campaigns that have orders in this one. Windows move claims between months, so look
    at several of them. At risk are the duplicates at the cheapest price of an action, at most as many as are
    so paid.
    """
    homes: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    by_subject = {campaign.subject: campaign for campaign in facts.campaigns}
    for shop in facts.sales.shops:
        for subject in shop.campaigns:
            campaign = by_subject[subject]
            homes[campaign.connector, campaign.account_id].add((shop.connector, shop.account_id))
    for shop in facts.sales.shops:
        accounts = {
            (by_subject[subject].connector, by_subject[subject].account_id) for subject in shop.campaigns
        }
        if len(accounts) > 1:
            claimants = [
                one
                for connector, account_id in sorted(accounts)
                if (
                    one := _claimant(
                        facts, shop, connector, account_id, len(homes[connector, account_id]) > 1
                    )
                )
            ]
            yield _claimed(facts, shop, claimants)


def _claimant(facts: Facts, shop: Shop, connector: str, account_id: str, elsewhere: bool) -> Claimant | None:
    """The account's claims; None if it tells none. ``elsewhere``: it leads to other shops, too."""
    campaigns, total, names = list[CampaignMonth](), 0, set[str]()
    for campaign in facts.campaigns:
        sales = facts.sales.campaigns.get(campaign.subject)
        if (campaign.connector, campaign.account_id) != (connector, account_id) or sales is None:
            continue
        if (elsewhere and campaign.subject not in shop.campaigns) or action_of(campaign, sales) == "lead":
            continue
        claims = sales.claims_micros
        if claims is None and paid_by(campaign) == "cpa":
            claims = campaign.counts.conversions_micros
        if claims is not None:
            campaigns.append(campaign)
            total += claims
            names |= {sales.attribution} - {""}
    if not campaigns:
        return None
    told = ", ".join(sorted(names)) or "default"
    return Claimant(connector, campaigns[0].platform, account_id, total, tuple(campaigns), told)


def _claimed(facts: Facts, shop: Shop, claimants: Sequence[Claimant]) -> Outcome:
    blank = Outcome(
        check_id="",
        subject=f"{shop.connector}/{shop.account_id}",
        verdict="not_checkable",
        connector=shop.connector,
        platform=shop.platform,
        account_id=shop.account_id,
        window=facts.month,
        currency=shop.currency,
    )
    coverage = coverage_of(facts, shop.connector, shop.account_id)
    if not coverage.complete:
        return unfetched_source(blank, coverage.missing_days, "the shop's orders")
    if len(claimants) < 2:
        return not_checkable(
            blank,
            "Not checked: fewer than two ad accounts tell how many purchases they claim.",
            "Sync or import interactions of kind purchase, or delivery with `purchases`.",
        )
    missing = max(one.coverage.missing_days for claimant in claimants for one in claimant.campaigns)
    if missing:
        return unfetched_source(blank, missing, "the ad accounts' claims")
    total = sum(min(claimant.claims_micros, shop.orders * MICROS) for claimant in claimants) // MICROS
    bound = max(0, total - shop.orders)
    duplicates = max(bound, shop.claimed_twice)
    ends = [
        one.coverage.pending_until.get("conversions") for claimant in claimants for one in claimant.campaigns
    ]
    until = max((day for day in (final_of([coverage]), *ends) if day is not None), default=None)
    by_id = shop.claimed_twice > bound
    outcome = replace(
        blank,
        formula=f"{shop.claimed_twice:,} by ids" if by_id else f"{total:,} − {shop.orders:,}",
        proof=tuple(_proof(facts, shop, claimants)),
        figures={
            "duplicates": duplicates,
            "claims": sum(claimant.claims_micros for claimant in claimants) // MICROS,
            "orders": shop.orders,
            "share_ppm": share_ppm(duplicates, shop.orders) or 0,
        },
    )
    if not duplicates:
        text = f"{total:,} claims for {plural(shop.orders, 'order')}: none is provably claimed twice."
        return as_pending(replace(outcome, verdict="clear", explanation=sentence(text)), until)
    least = "" if by_id else "at least "
    text = (
        f"{len(claimants)} ad accounts claim {total:,} of {plural(shop.orders, 'order')}: "
        f"{least}{duplicates:,} more than once"
    )
    finding = replace(
        outcome,
        verdict="finding",
        severity="info",
        explanation=sentence(f"{text}."),
        next_step="Count these orders once before comparing platforms.",
    )
    return as_pending(_paid_twice(facts, finding, claimants, duplicates, text), until)


def _paid_twice(
    facts: Facts, finding: Outcome, claimants: Sequence[Claimant], duplicates: int, text: str
) -> Outcome:
    """The finding with its money, where a claimant is paid per action."""
    currencies = currency_by_document(facts)
    paid = [
        (price, one)
        for claimant in claimants
        for one in claimant.per_action
        if not blocked(one, currencies) and (price := _price(facts, one))
    ]
    if not paid or len({one.currency for _, one in paid}) > 1:
        return finding
    price, cheapest = min(paid, key=lambda pair: (pair[0], pair[1].subject))
    claims = sum(facts.sales.campaigns[one.subject].claims_micros or 0 for _, one in paid) // MICROS
    billed = sum(max(0, one.billed_micros or 0) for _, one in paid)
    at_risk = min(price * min(duplicates, claims or duplicates), billed)
    if not at_risk:
        return finding
    pools = sorted({campaign_pool(one) for _, one in paid})
    money = money_text(at_risk, cheapest.currency)
    return replace(
        finding,
        severity="high",
        asks="claim",
        confidence="medium",
        platform=cheapest.platform,
        currency=cheapest.currency,
        direction="over",
        billed_micros=billed,
        expected_micros=billed - at_risk,
        diff_micros=at_risk,
        tolerance_micros=0,
        residual_micros=at_risk,
        formula=f"({finding.formula}) × {decimal_text(price)}",
        stakes=(Stake(pool=pools[0], also=tuple(pools[1:]), micros=at_risk),),
        at_risk_micros=at_risk,
        explanation=sentence(f"{text}: {money} paid twice.", f"{text}."),
    )


def _price(facts: Facts, campaign: CampaignMonth) -> int | None:
    """What an action costs: as agreed, else on average."""
    one = one_rate(active(campaign))
    if one and one[1] is not BY_SHARE and one[0].kind == "fixed" and one[0].rate_micros:
        return one[0].rate_micros
    claims, billed = facts.sales.campaigns[campaign.subject].claims_micros, campaign.billed_micros
    return rounded(billed * MICROS, claims) if claims and billed and billed > 0 else None


def _proof(facts: Facts, shop: Shop, claimants: Sequence[Claimant]) -> Iterator[Proof]:
    for claimant in claimants:
        yield Proof(
            says=f"purchases claimed by {claimant.connector}, attribution {claimant.attribution}",
            table="interactions",
            key=f"{claimant.connector}/{claimant.account_id} {facts.month}",
            value=decimal_text(claimant.claims_micros),
        )
    yield Proof(
        says=f"distinct {shop.kind}s of all channels, neither tests nor cancelled",
        table="evidence",
        key=f"{shop.connector}/{shop.account_id} {facts.month}",
        value=f"{shop.orders:,}",
        evidence_class="E3",
    )
    if shop.claimed_twice:
        yield Proof(
            says="orders on the lists of more than one ad account",
            table="evidence",
            key=f"{shop.connector}/{shop.account_id} {facts.month}",
            value=f"{shop.claimed_twice:,}: {id_text(shop.one_id, 'sale')}, …",
            evidence_class="E3",
        )
