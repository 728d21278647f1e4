"""What the days cost, and the faults that stand in the cost itself.

Each month of a campaign costs a whole number of minor units, so that a bill can print it, and its days add
up to that. For each check of the contract one month lies a minor unit beyond its tolerance and another one a
unit inside, in places that the seed chooses; and so again on each of the platforms that are named for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ..calendar import Window, month_name
from ..money import minor
from .model import (
    COMPLETE,
    COUNTS,
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    Account,
    Agreement,
    Campaign,
    Draft,
    Kind,
    Planted,
    Row,
    stream,
    total,
)
from .prices import LEAST_MINOR_UNITS, RATE_PPM, UNIT, charge, edge, per, printed, spread

ACTIONS = ("cpl", "cpi", "cpa", "cps")
PASSIVE = ("impressions", "measurable_impressions", "viewable_impressions")


@dataclass(frozen=True, slots=True)
class Spot:
    """One month of one campaign: where a fault of the contract can stand."""

    account: Account
    campaign: Campaign
    window: Window

    @property
    def subject(self) -> str:
        return f"{self.account.connector}/{self.account.account_id}/{self.campaign.campaign_id}"


def set_costs(draft: Draft) -> set[Spot]:
    """Give each row its cost and plant the faults of the contract; the spots that are not as agreed."""
    spots = list(_spots(draft))
    whole = [s for s in spots if s.campaign.campaign_id not in draft.gapped and not s.account.scene]
    roles: dict[Spot, tuple[str, Kind]] = {}
    fits: dict[str, Callable[[Spot], bool]] = {
        "expected-charge-vs-billed": _is_fixed,
        "effective-rate-above-cap": _is_capped,
        "billed-without-billable-events": lambda spot: spot.campaign.remnant and spot.window != NOVEMBER,
        "invoice-missing": lambda spot: spot.account.unbilled == spot.window,
    }
    for check, suspect in fits.items():
        for among in dict.fromkeys(account.among for account in draft.accounts if not account.scene):
            choice = [spot for spot in whole if spot.account.among == among and suspect(spot)]
            if choice:
                picked = stream(draft.seed, "faults", check, *filter(None, [among])).sample(choice, 2)
                roles |= {picked[0]: (check, "fault"), picked[1]: (check, "decoy")}
    for spot in spots:
        check, kind = roles.get(spot, ("", "innocent"))
        rows = draft.rows(spot.campaign, spot.window)
        if check == "invoice-missing":
            _unbilled(draft, spot, rows, kind)
        elif spot.campaign.remnant:
            _remnant(draft, spot, rows, kind if check else None)
        elif check and (agreement := spot.campaign.agreement):
            _edge(draft, spot, rows, check, kind, agreement)
        else:
            _give(rows, _usual(draft.seed, spot, rows), spot)
    _late_clicks(draft, [s for s in whole if s not in roles])
    return set(roles)


def _spots(draft: Draft) -> Iterator[Spot]:
    for account in draft.accounts:
        for campaign in account.campaigns:
            for window in (*COMPLETE, NOVEMBER):
                if campaign.days.overlap(window):
                    yield Spot(account, campaign, window)


def _is_fixed(spot: Spot) -> bool:
    agreement, campaign = spot.campaign.agreement, spot.campaign
    if agreement is None or agreement.kind != "fixed" or campaign.remnant or campaign.quiet:
        return False
    if campaign.channel in ("social", "reel"):  # what it counts as a result depends on who asks
        return False
    return spot.window == SEPTEMBER or (spot.window == OCTOBER and spot.campaign.model not in ACTIONS)


def _is_capped(spot: Spot) -> bool:
    agreement = spot.campaign.agreement
    if agreement is None or agreement.flight:
        return False
    return agreement.kind == "cap" and spot.window in spot.account.settled


def _usual(seed: int, spot: Spot, rows: list[Row]) -> int:
    """A month as it should be: the agreed charge, a little below a cap, or what an auction asks."""
    campaign, currency = spot.campaign, spot.account.currency
    agreement = campaign.agreement
    if agreement is not None and agreement.kind == "fixed":
        return printed(charge(agreement, rows, spot.window), currency)
    lowest = stream(seed, "auction", campaign.campaign_id, spot.window).randint(850, 960)
    worth = campaign.price_micros * total(rows, UNIT[campaign.model]) // per(campaign.model)
    step = spot.account.row_micros
    return printed(worth * lowest // 1000, currency) // step * step


def _give(rows: list[Row], micros: int, spot: Spot) -> None:
    """Share out the cost by what each row bills, or by its impressions where nothing was billable."""
    model = spot.campaign.model
    if model == "flat":
        weights = [1] * len(rows)
    elif spot.campaign.agreement and spot.campaign.agreement.share_ppm:
        weights = [row.revenue_micros for row in rows]
    else:
        weights = [getattr(row, UNIT[model]) for row in rows]
    step = spot.account.row_micros
    for row, part in zip(rows, spread(micros // step, weights), strict=True):
        row.cost_micros = part * step


def _edge(draft: Draft, spot: Spot, rows: list[Row], check: str, kind: Kind, agreement: Agreement) -> None:
    currency = spot.account.currency
    expected = charge(agreement, rows, spot.window)
    billed = edge(expected, currency, ppm=RATE_PPM, beyond=kind == "fault")
    _give(rows, billed, spot)
    word = "beyond" if kind == "fault" else "inside"
    note = f"{agreement.model} {agreement.kind}: billed one minor unit {word} the edge of the tolerance"
    draft.truth.append(_planted(check, spot, kind, note, diff=billed - expected, at_risk=billed - expected))


def edge_of(draft: Draft, spot: Spot, check: str, kind: Kind) -> None:
    """Let this month cost what the tolerance on its agreement just allows, or a minor unit more."""
    if spot.campaign.agreement:
        _edge(draft, spot, draft.rows(spot.campaign, spot.window), check, kind, spot.campaign.agreement)


def _remnant(draft: Draft, spot: Spot, rows: list[Row], kind: Kind | None) -> None:
    """Almost no delivery: three events at their price; one and a minor unit; or a minor unit for none."""
    for row in rows:
        for name in COUNTS:
            if name not in PASSIVE:
                setattr(row, name, 0)
    unit, least = UNIT[spot.campaign.model], minor(spot.account.currency)
    if kind is None:
        for row in rows[: 3 if spot.window != NOVEMBER else 1]:
            setattr(row, unit, 1)
        _give(rows, _usual(draft.seed, spot, rows), spot)
        return
    if kind == "decoy":
        setattr(rows[0], unit, 1)
    _give(rows, least, spot)
    note = "a minor unit for no event" if kind == "fault" else "a minor unit for a single event"
    check = "billed-without-billable-events"
    draft.truth.append(_planted(check, spot, kind, note, at_risk=least))


def _unbilled(draft: Draft, spot: Spot, rows: list[Row], kind: Kind) -> None:
    """Delivery that no bill covers: as much as is not worth a question, or a minor unit more."""
    amount = (LEAST_MINOR_UNITS + (kind == "fault")) * minor(spot.account.currency)
    _give(rows, amount, spot)
    planted = _planted(
        "invoice-missing", spot, kind, f"{amount} micros were delivered, and no bill has come", at_risk=amount
    )
    draft.truth.append(replace(planted, subject=f"{spot.account.connector}/{spot.account.account_id}"))


def _late_clicks(draft: Draft, spots: list[Spot]) -> None:
    """Count one day's clicks on the day before, though their cost stays: the month is as it should be."""
    rng = stream(draft.seed, "late clicks")
    spot = rng.choice(
        [s for s in spots if s.campaign.model == "cpc" and s.window != NOVEMBER and not s.campaign.remnant]
    )
    rows = draft.rows(spot.campaign, spot.window)
    late = rng.choice([row for row in rows if row.clicks and row.day > spot.window.first_day])
    before = next(row for row in reversed(rows) if row.day < late.day and row.ad_id == late.ad_id)
    before.clicks, late.clicks = before.clicks + late.clicks, 0
    note = f"clicks of {late.day} are counted on {before.day}, their cost is not"
    draft.truth.append(_planted("billed-without-billable-events", spot, "innocent", note))


def _planted(
    check: str, spot: Spot, kind: Kind, note: str, *, diff: int | None = None, at_risk: int | None = None
) -> Planted:
    return Planted(
        check_id=check,
        subject=spot.subject,
        month=month_name(spot.window.first_day),
        currency=spot.account.currency,
        kind=kind,
        note=note,
        diff_micros=diff,
        at_risk_micros=at_risk if kind == "fault" else None,
    )
