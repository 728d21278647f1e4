"""Leads, orders, claims and refunds from rows of a real ledger to the judged outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from adtally.connector import Connector, Unit, pulls
from adtally.engine.jobs import Wishes
from adtally.engine.run import run_sync
from adtally.errors import NotOffered
from adtally.ledger import Ledger
from adtally.money import to_micros
from adtally.reconciliation.judge import judge
from adtally.reconciliation.verdicts import Outcome
from adtally.records import Account, Delivery, Evidence, Interaction, hashed
from adtally.registry import Configured
from adtally_connectors.files import Files

from .cases import RULES
from .told import NOW, Told, connector, facts, sync, sync_connectors

MIDDLE = date(2026, 10, 15)
SHOP = Account(id="demo-shop", currency="USD", timezone="UTC")
CPL = {"model": "cpl", "rate": "18.00"}
CPA = {"model": "cpa", "rate": "12.00"}
CPS = {"model": "cps", "rate": "8%", "validation_days": 30}
KeyKind = Literal["campaign_id", "utm_id", "click_id", "lead_id", "order_id", "name"]


def delivered(cost: str, campaign_id: str = "7", day: date = MIDDLE, **counts: int) -> Delivery:
    return Delivery(
        day=day,
        campaign_id=campaign_id,
        cost_micros=to_micros(cost),
        impressions=9,
        **counts,  # type: ignore[arg-type]
    )


def listed(
    kind: str, *ids: str, campaign_id: str = "7", day: date = MIDDLE, value: str | None = None
) -> list[Evidence]:
    """The biller's own list: leads that it billed, or orders that it claims."""
    return [
        Evidence(
            source_id="biller",
            record_id=f"{one}/{n}",
            kind=kind,
            day=day,
            key_kind="lead_id" if kind == "lead" else "order_id",
            key_value=one,
            refers_to=campaign_id,
            value_micros=None if value is None else to_micros(value),
            evidence_class="E0",
        )
        for n, one in enumerate(ids)
    ]


def record(
    kind: str,
    name: str,
    status: str = "paid",
    *,
    key: tuple[KeyKind, str] = ("name", ""),
    day: date = MIDDLE,
    value: str | None = "50.00",
    refers_to: str = "",
    flags: str = "",
    currency: str = "USD",
) -> Evidence:
    """A record of the advertiser: a lead, an order, a payment, or what came back of one."""
    return Evidence(
        source_id="own",
        record_id=name,
        kind=kind,
        day=day,
        key_kind=key[0],
        key_value=key[1],
        status=status,
        refers_to=refers_to,
        quantity_micros=1_000_000,
        value_micros=None if value is None else to_micros(value),
        currency=currency,
        evidence_class="E3",
        flags=flags,
    )


def several(
    kind: str, counts: Mapping[str, int], campaign_id: str = "7", day: date = MIDDLE, prefix: str = "r"
) -> list[Evidence]:
    """So many records of each status, with the campaign's id."""
    return [
        record(kind, f"{prefix}-{status}-{n}", status, key=("campaign_id", campaign_id), day=day)
        for status, count in counts.items()
        for n in range(count)
    ]


def shop(evidence: Sequence[Evidence], account: Account = SHOP) -> Told:
    """A source of nothing but evidence."""
    told = Told(platform="shop", accounts=(account,), evidence=evidence, delivery=None, campaigns=None)
    return replace(told, changes=None, invoices=None, balances=None)


def judged(
    ledger: Ledger, check: str, agreements: Iterable[Mapping[str, object]] = (), **platforms: Told
) -> list[Outcome]:
    sync(ledger, **platforms)
    return judge(facts(ledger, agreements), RULES, only=[check])


def ids(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{n}" for n in range(count)]


def test_c49_each_listed_lead_is_looked_up_and_only_accepted_ones_are_paid(ledger: Ledger) -> None:
    classes = {"accepted": 41, "duplicate": 9, "invalid": 6}
    crm = [record("lead", one, status) for status, count in classes.items() for one in ids(status, count)]
    leads = [one for status, count in (*classes.items(), ("gone", 4)) for one in ids(status, count)]
    google = Told(delivery=[delivered("1080.00", leads=60)], evidence=listed("lead", *leads))

    [outcome] = judged(ledger, "leads-vs-crm", [CPL], google=google, crm=shop(crm))

    assert (outcome.verdict, outcome.severity, outcome.direction) == ("finding", "high", "over")
    assert (outcome.expected_micros, outcome.diff_micros) == (738_000_000, 342_000_000)
    assert outcome.at_risk_micros == 342_000_000
    assert outcome.explanation == (
        "41 of 60 billed leads were accepted (9 duplicate, 6 invalid, 4 not found): USD\u00a0342.00 too much."
    )
    assert outcome.figures["accepted_leads"] == 41
    assert {
        row.says.split(" in ")[0]: row.value.split(":")[0]
        for row in outcome.proof
        if row.evidence_class == "E3"
    } == {
        "leads accepted": "41",
        "leads duplicate": "9",
        "leads invalid": "6",
        "leads not found": "4",
    }
    assert hashed("gone0")[:12] in outcome.proof[-1].value
    assert "gone" not in outcome.proof[-1].value


def test_c30_each_claimed_order_is_looked_up(ledger: Ledger) -> None:
    classes = {"paid": 33, "cancelled": 4, "test": 2}
    orders = [record("order", one, status) for status, count in classes.items() for one in ids(status, count)]
    claims = [one for status, count in (*classes.items(), ("gone", 1)) for one in ids(status, count)]
    google = Told(
        delivery=[delivered("480.00", conversions_micros=40_000_000)], evidence=listed("purchase", *claims)
    )

    [outcome] = judged(ledger, "purchases-vs-orders", [CPA], google=google, shop=shop(orders))

    assert (outcome.verdict, outcome.direction) == ("finding", "over")
    assert (outcome.expected_micros, outcome.diff_micros) == (396_000_000, 84_000_000)
    assert outcome.at_risk_micros == 84_000_000


def test_c29_more_claims_than_orders_of_all_channels(ledger: Ledger) -> None:
    orders = [
        *(
            record("order", f"{name}1", key=("campaign_id", f"c{name}"))
            for name in ("google", "meta", "tiktok")
        ),
        *(record("order", one, flags="pos") for one in ids("pos", 117)),
        *(record("order", one, "test") for one in ids("test", 9)),
    ]
    platforms = {
        name: Told(
            platform=f"{name}_ads",
            accounts=(Account(id=f"a{name}", currency="USD", timezone="UTC"),),
            delivery=[delivered("100.00", f"c{name}", clicks=500)],
            interactions=[
                Interaction(
                    day=MIDDLE,
                    campaign_id=f"c{name}",
                    action="Buy",
                    attribution="default",
                    kind="purchase",
                    quantity_micros=count * 1_000_000,
                    in_total=True,
                )
            ],
        )
        for name, count in {"google": 90, "meta": 70, "tiktok": 25}.items()
    }

    [outcome] = judged(ledger, "order-claimed-by-several", (), shop=shop(orders), **platforms)

    assert (outcome.verdict, outcome.severity, outcome.subject) == ("finding", "info", "shop/demo-shop")
    assert (outcome.figures["duplicates"], outcome.figures["share_ppm"]) == (65, 541_666)
    assert outcome.explanation == "3 ad accounts claim 185 of 120 orders: at least 65 more than once."


def test_c31_refunds_within_the_window_are_taken_off_the_revenue(ledger: Ledger) -> None:
    campaign: tuple[KeyKind, str] = ("campaign_id", "7")
    told = [
        *(record("order", one, key=campaign, value="250.00") for one in ids("o", 8)),
        record(
            "refund",
            "r1",
            "refunded",
            key=campaign,
            value="250.00",
            refers_to="o1",
            day=MIDDLE + timedelta(5),
        ),
        record(
            "refund", "r2", "refunded", key=campaign, value="60.00", refers_to="o2", day=MIDDLE + timedelta(6)
        ),
        record(
            "refund", "r3", "refunded", key=campaign, value="40.00", refers_to="o2", day=MIDDLE + timedelta(7)
        ),
        record(
            "refund", "r4", "failed", key=campaign, value="99.00", refers_to="o3", day=MIDDLE + timedelta(7)
        ),
        record(
            "dispute", "d1", "won", key=campaign, value="99.00", refers_to="o4", day=MIDDLE + timedelta(7)
        ),
    ]
    google = Told(delivery=[delivered("160.00", revenue_micros=to_micros("2000"), purchases=8)])

    [outcome] = judged(ledger, "refund-clawback", [CPS], google=google, shop=shop(told))

    assert (outcome.verdict, outcome.severity, outcome.direction) == ("finding", "high", "over")
    assert (outcome.expected_micros, outcome.diff_micros) == (132_000_000, 28_000_000)
    assert outcome.at_risk_micros == 28_000_000
    assert outcome.formula == "160.00 − 8% × (USD\u00a02,000.00 − USD\u00a0350.00)"


def test_lead_is_pending_until_its_deadline_and_accepted_after_it(ledger: Ledger) -> None:
    crm = [record("lead", one, "pending") for one in ids("L", 10)]
    google = Told(delivery=[delivered("180.00", leads=10)], evidence=listed("lead", *ids("L", 10)))
    sync(ledger, google=google, crm=shop(crm))

    def verdict(days: int) -> tuple[str, str]:
        agreed = [CPL | {"validation_days": days}]
        [outcome] = judge(facts(ledger, agreed), RULES, only=["leads-vs-crm"])
        return outcome.verdict, outcome.next_step

    assert verdict(38) == ("clear", "")  # 15 October and 38 days is 22 November, yesterday
    assert verdict(39) == ("pending", "Wait until 24 Nov.")


def test_lead_listed_twice_is_paid_once_and_one_without_id_is_not_refuted(ledger: Ledger) -> None:
    crm = [record("lead", one, "accepted") for one in ids("L", 5)]
    google = Told(delivery=[delivered("144.00", leads=8)], evidence=listed("lead", *ids("L", 5), "L0", "L0"))

    [outcome] = judged(ledger, "leads-vs-crm", [CPL], google=google, crm=shop(crm))

    assert (outcome.diff_micros, outcome.figures["billed_twice_leads"]) == (36_000_000, 2)


def test_ids_of_another_kind_convict_nobody(ledger: Ledger) -> None:
    crm = [record("lead", hashed(one), "accepted") for one in ids("L", 5)]
    google = Told(delivery=[delivered("90.00", leads=5)], evidence=listed("lead", *ids("L", 5)))

    [outcome] = judged(ledger, "leads-vs-crm", [CPL], google=google, crm=shop(crm))

    assert (outcome.verdict, outcome.explanation) == (
        "not_checkable",
        "Not checked: none of the biller's lead ids is in your CRM; they may be other ids.",
    )


@pytest.mark.parametrize(
    ("accepted", "verdict", "diff"), [(50, "within_tolerance", 54_000_000), (49, "finding", 72_000_000)]
)
def test_without_a_list_leads_are_counted_by_campaign(
    ledger: Ledger, accepted: int, verdict: str, diff: int
) -> None:
    crm = several("lead", {"accepted": accepted, "pending": 7, "invalid": 30})
    google = Told(delivery=[delivered("1080.00", leads=60)])

    [outcome] = judged(ledger, "leads-vs-crm", [CPL], google=google, crm=shop(crm))

    assert (outcome.verdict, outcome.diff_micros) == (verdict, diff)


def test_campaigns_whose_leads_carry_no_key_are_not_missed(ledger: Ledger) -> None:
    crm = several("lead", {"accepted": 3})
    rows = [delivered("80.00", leads=10), delivered("20.00", "8", leads=10)]

    untagged, tagged = (
        one
        for one in reversed(judged(ledger, "leads-vs-crm", [CPL], google=Told(delivery=rows), crm=shop(crm)))
    )

    assert (tagged.verdict, tagged.explanation) == (
        "not_checkable",
        "Not checked: only 80% of the account's money is for campaigns whose leads carry their key.",
    )
    assert untagged.explanation == "Not checked: no lead in your CRM carries a key of this campaign."


def test_order_and_its_payment_are_one_sale_and_the_order_counts(ledger: Ledger) -> None:
    order_rows = several("order", {"paid": 20, "cancelled": 4})
    payments = several("payment", {"paid": 24})
    stripe = shop(payments, Account(id="acct", currency="USD", timezone="UTC"))
    google = Told(delivery=[delivered("288.00", conversions_micros=24_000_000)])

    [outcome] = judged(
        ledger, "purchases-vs-orders", [CPA], google=google, shop=shop(order_rows), stripe=stripe
    )

    assert (outcome.verdict, outcome.diff_micros) == ("finding", 48_000_000)


def test_payment_answers_for_an_order_that_no_shop_knows(ledger: Ledger) -> None:
    told = [
        record("payment", "pi_1", "failed", refers_to="5001"),
        record("payment", "pi_2", "paid", refers_to="5001"),
        record("payment", "pi_3", "cancelled", key=("order_id", "5002")),
    ]
    google = Told(
        delivery=[delivered("24.00", conversions_micros=2_000_000)],
        evidence=listed("purchase", "5001", "5002"),
    )

    [outcome] = judged(ledger, "purchases-vs-orders", [CPA], google=google, shop=shop(told))

    assert (outcome.verdict, outcome.diff_micros) == ("finding", 12_000_000)
    assert (outcome.figures["accepted_purchases"], outcome.figures["cancelled_purchases"]) == (1, 1)


def test_share_of_sales_is_taken_off_by_what_the_refused_orders_were_claimed_to_be_worth(
    ledger: Ledger,
) -> None:
    told = [record("order", "5001"), record("order", "5002", "cancelled")]
    claims = [*listed("purchase", "5001", value="100.00"), *listed("purchase", "5002", value="900.00")]
    google = Told(
        delivery=[delivered("80.00", revenue_micros=to_micros("1000"), purchases=2)], evidence=claims
    )

    [outcome] = judged(ledger, "purchases-vs-orders", [CPS], google=google, shop=shop(told))

    assert (outcome.expected_micros, outcome.diff_micros) == (8_000_000, 72_000_000)


def test_action_that_is_a_lead_is_looked_up_among_leads(ledger: Ledger) -> None:
    crm = [record("lead", "L0", "accepted"), record("lead", "L1", "test")]
    google = Told(
        delivery=[delivered("24.00", conversions_micros=2_000_000)], evidence=listed("lead", "L0", "L1")
    )
    sync(ledger, google=google, crm=shop(crm))

    outcomes = judge(facts(ledger, [CPA]), RULES)

    told = {one.check_id: one.verdict for one in outcomes if one.campaign_id}
    assert told["leads-vs-crm"] == "finding"
    assert {"purchases-vs-orders", "refund-clawback"} & told.keys() == set()


CAMPAIGN: tuple[KeyKind, str] = ("campaign_id", "7")
CPA_14 = CPA | {"validation_days": 14}


def sold(*days: date, value: str = "100.00", status: str = "paid") -> list[Evidence]:
    return [
        record("order", f"o{n}", status, key=CAMPAIGN, day=day, value=value) for n, day in enumerate(days)
    ]


def back(sale: int, day: date, value: str = "100.00", kind: str = "refund", **fields: str) -> Evidence:
    status = fields.pop("status", "lost" if kind == "dispute" else "refunded")
    return record(
        kind,
        f"{kind}-{sale}-{day}",
        status,
        key=CAMPAIGN,
        day=day,
        value=value,
        refers_to=f"o{sale}",
        **fields,
    )


def clawed(ledger: Ledger, *told: Evidence, agreement: Mapping[str, object] = CPA_14) -> Outcome:
    google = Told(delivery=[delivered("120.00", conversions_micros=10_000_000)])
    [outcome] = judged(ledger, "refund-clawback", [agreement], google=google, shop=shop(told))
    return outcome


def test_only_what_came_back_in_full_within_the_window_and_by_its_own_day_counts(ledger: Ledger) -> None:
    october, late = date(2026, 10, 1), date(2026, 10, 25)
    told = [
        *sold(*[october] * 4, date(2026, 9, 28), late),
        back(0, date(2026, 10, 15)),  # the last day of its window
        back(1, date(2026, 10, 16)),  # a day too late
        back(2, date(2026, 10, 3), "40.00"),
        back(2, date(2026, 10, 9), "60.00", "dispute"),
        back(3, date(2026, 10, 3), "99.99"),
        back(4, date(2026, 10, 2)),  # of a sale of September, within its window
        back(5, date(2026, 11, 1)),  # belongs to November
    ]

    outcome = clawed(ledger, *told)

    assert (outcome.diff_micros, outcome.figures["returned_micros"]) == (36_000_000, 3_000_000)
    assert outcome.figures["too_late"] == 1
    assert outcome.formula == "120.00 − 12.00 × (10 − 3)"


@pytest.mark.parametrize(
    ("told", "agreement", "verdict", "explanation"),
    [
        ([], CPA_14, "not_checkable", "Not checked: the source of the sales tells nothing that came back."),
        (
            [back(0, MIDDLE)],
            CPA,
            "not_checkable",
            "Not checked: sales came back, and the agreement says nothing",
        ),
        (
            [back(9, MIDDLE)],
            CPA_14,
            "not_checkable",
            "Not checked: 1 refund may be of older sales than are fetc",
        ),
        ([back(0, date(2026, 11, 1))], CPA_14, "clear", "Nothing that counts came back."),
        (
            [back(0, MIDDLE, kind="dispute", status="won"), back(0, date(2026, 11, 9))],
            CPA_14,
            "clear",
            "Nothing",
        ),
        (
            [back(0, MIDDLE, kind="dispute", status="open"), back(0, date(2026, 11, 9))],
            CPA_14,
            "pending",
            "1 disp",
        ),
    ],
)
def test_what_is_missing_or_undecided_is_said(
    ledger: Ledger, told: list[Evidence], agreement: Mapping[str, object], verdict: str, explanation: str
) -> None:
    outcome = clawed(ledger, *sold(MIDDLE, MIDDLE), *told, agreement=agreement)

    assert outcome.verdict == verdict
    assert outcome.explanation.startswith(explanation)


def test_sale_that_came_back_nobody_says_when_is_not_judged(ledger: Ledger) -> None:
    outcome = clawed(
        ledger, *sold(MIDDLE), record("order", "x", "refunded", key=CAMPAIGN), back(0, date(2026, 11, 9))
    )

    assert outcome.explanation == "Not checked: 1 order came back, and nobody says on which day."


@pytest.mark.parametrize(("negative", "expected"), [("credit", -36_000_000), ("zero", 0), ("carry", 0)])
def test_month_below_zero_is_a_credit_nothing_or_carried(
    ledger: Ledger, negative: str, expected: int
) -> None:
    days = [date(2026, 10, 31)] * 3 + [date(2026, 11, 2)] * 8
    told = [*sold(*days), *(back(n, date(2026, 11, 3)) for n in range(3))]
    agreement = CPA_14 | {"negative_months": negative}
    rows = [
        delivered("36.00", conversions_micros=3_000_000, day=date(2026, 10, 31)),
        delivered("60.00", conversions_micros=0, purchases=0, day=date(2026, 11, 3)),
    ]
    told = [one for one in told if one.kind != "order" or one.day.month == 10]
    now = NOW + timedelta(30)
    sync(ledger, now, google=Told(delivery=rows), shop=shop(told))

    [november] = judge(facts(ledger, [agreement], month="2026-11"), RULES, only=["refund-clawback"])

    assert november.expected_micros == expected


def test_what_is_carried_comes_from_the_records_of_the_months_before(ledger: Ledger) -> None:
    october, november, december = date(2026, 10, 31), date(2026, 11, 3), date(2026, 12, 5)
    rows = [
        delivered("36.00", conversions_micros=3_000_000, day=october),
        delivered("12.00", conversions_micros=1_000_000, day=november),
        delivered("60.00", conversions_micros=5_000_000, day=december),
    ]
    told = [
        *sold(*[october] * 3, november, *[december] * 5),
        *(back(n, november) for n in range(3)),
    ]
    sync(ledger, NOW + timedelta(50), google=Told(delivery=rows), shop=shop(told))
    agreed = [CPA_14 | {"negative_months": "carry"}]

    def outcome(month: str) -> Outcome:
        [one] = judge(facts(ledger, agreed, month=month), RULES, only=["refund-clawback"])
        return one

    assert outcome("2026-11").expected_micros == 0
    assert (outcome("2026-12").expected_micros, outcome("2026-12").figures["carried_micros"]) == (
        36_000_000,
        -2_000_000,
    )


def test_order_on_a_billers_list_needs_no_other_key_and_may_be_claimed_by_two(ledger: Ledger) -> None:
    told = [
        *(record("order", f"o{n}", key=("utm_id", "elsewhere")) for n in range(10)),
        *(
            record(
                "refund", f"r{n}", "refunded", refers_to=f"o{n}", value="25.00", day=MIDDLE + timedelta(days)
            )
            for n in range(2)
            for days in (1, 2)
        ),
    ]
    names = [f"o{n}" for n in range(10)]
    platforms = {
        name: Told(
            platform=name,
            accounts=(Account(id=name, currency="USD", timezone="UTC"),),
            delivery=[delivered("120.00", f"c-{name}", conversions_micros=10_000_000)],
            evidence=listed("purchase", *names, campaign_id=f"c-{name}"),
        )
        for name in ("awin", "kelkoo")
    }
    agreed = [CPA_14 | {"connector": name} for name in platforms]

    outcomes = judged(ledger, "refund-clawback", agreed, shop=shop(told), **platforms)

    assert [(one.verdict, one.diff_micros) for one in outcomes] == [("finding", 24_000_000)] * 2


def test_refund_and_refused_order_are_other_money(ledger: Ledger) -> None:
    told = [
        *sold(*[MIDDLE] * 8),
        *(record("order", f"c{n}", "cancelled", key=CAMPAIGN) for n in range(2)),
        back(0, MIDDLE + timedelta(1)),
    ]
    claims = listed("purchase", *(f"o{n}" for n in range(8)), "c0", "c1")
    google = Told(delivery=[delivered("120.00", conversions_micros=10_000_000)], evidence=claims)
    sync(ledger, google=google, shop=shop(told))

    outcomes = judge(facts(ledger, [CPA_14]), RULES, only=["purchases-vs-orders", "refund-clawback"])

    assert [(one.check_id, one.at_risk_micros) for one in outcomes] == [
        ("purchases-vs-orders", 24_000_000),
        ("refund-clawback", 12_000_000),
    ]


def test_listed_orders_of_two_accounts_are_counted_exactly_and_paid_twice(ledger: Ledger) -> None:
    orders = [
        record("order", one, key=("campaign_id", "c1" if n else "c2")) for n, one in enumerate(ids("o", 30))
    ]
    one, other = (
        Told(
            platform=name,
            accounts=(Account(id=f"a{campaign_id}", currency="USD", timezone="UTC"),),
            delivery=[delivered("120.00", campaign_id, conversions_micros=10_000_000, purchases=10)],
            evidence=listed("purchase", *orders_of, campaign_id=campaign_id),
        )
        for name, campaign_id, orders_of in (
            ("awin", "c1", ids("o", 10)),
            ("kelkoo", "c2", [*ids("o", 4), *ids("o", 30)[24:]]),
        )
    )
    agreed = [CPA | {"connector": "awin"}]

    [outcome] = judged(ledger, "order-claimed-by-several", agreed, shop=shop(orders), awin=one, kelkoo=other)

    assert (outcome.verdict, outcome.severity, outcome.at_risk_micros) == ("finding", "high", 48_000_000)
    assert outcome.explanation == (
        "2 ad accounts claim 20 of 30 orders: 4 more than once: USD\u00a048.00 paid twice."
    )


def test_days_that_were_not_fetched_are_said(ledger: Ledger) -> None:
    google = Told(delivery=[delivered("18.00", leads=1)], evidence=listed("lead", "L0"))
    sync(ledger, datetime(2026, 10, 20, 12, tzinfo=NOW.tzinfo), crm=shop([record("lead", "L0", "accepted")]))
    sync(ledger, google=google)

    [outcome] = judge(facts(ledger, [CPL]), RULES, only=["leads-vs-crm"])

    assert outcome.explanation == "Not checked: 12 days of your CRM were not fetched."


def of_file(folder: Path, name: str, record: str, *lines: str, **fields: object) -> Files:
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = {
        "path": str(folder / f"{name}.csv"),
        "record": record,
        "currency": "USD",
        "timezone": "UTC",
        "columns": {column: column for column in lines[0].split(",")},
    }
    return Files.model_validate(table | fields)


def test_both_lists_may_come_as_files_with_their_mails_hashed(ledger: Ledger, tmp_path: Path) -> None:
    names = "source_id,record_id,kind,day,key_kind,key_value,status,refers_to,evidence_class"
    biller = of_file(
        tmp_path,
        "list",
        "evidence",
        names,
        "kag,1,lead,2026-10-15,lead_id,Ann@example.com,,7,E0",
        "kag,2,lead,2026-10-15,lead_id,bob@example.com,,7,E0",
        platform="google_ads",
        account="1",
        hashed=["key_value"],
    )
    own = of_file(
        tmp_path,
        "crm",
        "evidence",
        names,
        "crm,ann@example.com,lead,2026-10-16,name,x,accepted,,E3",
        "crm,cid@example.com,lead,2026-10-16,name,x,Out of area,,E3",
        platform="crm",
        account="crm",
        hashed=["record_id"],
    )
    google = connector(Told(delivery=[delivered("36.00", leads=2)]))
    sync_connectors(ledger, NOW, {"google": google, "list": biller, "crm": own})

    [outcome] = judge(facts(ledger, [CPL]), RULES, only=["leads-vs-crm"])

    assert (outcome.verdict, outcome.diff_micros) == ("finding", 18_000_000)
    [told] = ledger.conn.execute("SELECT group_concat(record_id || key_value) FROM evidence").fetchone()
    assert "@" not in told


def test_orders_and_balances_may_come_as_files(ledger: Ledger, tmp_path: Path) -> None:
    account = {"platform": "google_ads", "account": "1"}
    files = {
        "io": of_file(
            tmp_path,
            "io",
            "orders",
            "order_id,cap,first_day,last_day",
            "IO-7,100,2026-10-01,2026-10-31",
            **account,
        ),
        "due": of_file(
            tmp_path, "due", "balances", "at,kind,amount", "2026-10-01T00:00Z,amount_due,12.50", **account
        ),
    }

    sync_connectors(ledger, NOW, files)

    assert ledger.conn.execute(
        "SELECT connector, order_id, account_id, cap_micros FROM orders"
    ).fetchall() == [("io", "IO-7", "1", 100_000_000)]
    assert ledger.conn.execute("SELECT at, kind, amount_micros FROM balances").fetchall() == [
        ("2026-10-01T00:00:00Z", "amount_due", 12_500_000)
    ]


def test_refunds_that_were_not_fetched_are_no_pass_though_the_orders_were(ledger: Ledger) -> None:
    class Shop(Connector):
        name = "shop"
        base_url: str = "https://shop.example"

        def accounts(self) -> Iterable[Account]:
            return [SHOP]

        @pulls(Evidence, max_days=31)
        def orders(self, unit: Unit) -> Iterator[Evidence]:
            return (row for row in sold(*[MIDDLE] * 10) if row.day in unit.window)

        @pulls(Evidence, max_days=31)
        def refunds(self, unit: Unit) -> Iterator[Evidence]:
            if unit.window.last_day >= MIDDLE:
                raise NotOffered("no refunds of these days")
            return iter(())

    google = connector(Told(delivery=[delivered("120.00", conversions_micros=10_000_000)]))
    run_sync(
        ledger,
        [Configured(name, one, (), ("campaign",)) for name, one in (("google", google), ("shop", Shop()))],
        Wishes(first_day=date(2026, 1, 1)),
        clock=lambda: NOW,
        run_id="1",
    )

    outcomes = judge(facts(ledger, [CPA_14]), RULES, only=["purchases-vs-orders", "refund-clawback"])

    assert [one.verdict for one in outcomes] == ["clear", "not_checkable"]
    assert outcomes[-1].explanation.endswith("days of refunds of shop were not fetched.")
