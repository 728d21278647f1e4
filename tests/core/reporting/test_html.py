"""The HTML report, read the way a browser would: by its tags and texts."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adtally.calendar import Window
from adtally.engine.day_states import Status
from adtally.reconciliation.facts import CampaignMonth
from adtally.reconciliation.result import Month
from adtally.reporting.html import report_html, write_report

from .builders import (
    HOSTILE,
    NOVEMBER,
    OCTOBER,
    UNIT,
    bill,
    campaign,
    days,
    feed,
    finding,
    month,
    outcome,
    proof,
    result,
    sessions,
    status,
    support,
    trouble,
)

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Collects tags with their attributes, all text, and the rows of every table as texts of cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._rows: list[list[str]] = []
        self._cells: list[list[str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "tr", "dt", "dd", "div", "span", "p"):
            self.handle_data(" ")
        if tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cells.append([])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"
        if tag in ("td", "th"):
            self._rows[-1].append(" ".join("".join(self._cells.pop()).split()))
        elif tag == "tr":
            self.rows.append(self._rows.pop())

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)
            if self._cells:
                self._cells[-1].append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def full_month(*, campaigns: tuple[CampaignMonth, ...] = (), window: Window = OCTOBER) -> Month:
    return month(
        window,
        findings=(
            finding("F-1", severity="critical", at_risk=1_303_020_000),
            finding("F-2", severity="medium", at_risk=12 * UNIT, platform="meta_ads"),
            finding("F-3", currency="JPY", at_risk=633_428 * UNIT, platform="meta_ads"),
            finding(
                "F-4", asks="ask", severity="medium", at_risk=36 * UNIT, explanation="760 of 1,000 arrived."
            ),
            finding("F-5", asks="waste", severity="low", at_risk=45 * UNIT, explanation="No interaction."),
            finding("F-6", asks="info", severity="info", at_risk=0, explanation="Claimed by several."),
        ),
        outcomes=(
            *[outcome("match")] * 3,
            *[outcome("finding")] * 6,
            outcome(
                "pending",
                at_risk=640 * UNIT,
                explanation="2 fewer than billed.",
                next_step="Wait until 30 Nov.",
            ),
            outcome(
                "not_checkable", check_id="leads-vs-crm", explanation="No CRM.", next_step="Connect a CRM."
            ),
            outcome(
                "clear",
                check_id="pricing-model-counterfactual",
                subject="google/123/77",
                figures={"cpm": 500 * UNIT, "cpc": 800 * UNIT, "break_even_ctr_ppm": 12_500},
            ),
        ),
        support=(
            support(
                backed={"E2": 600, "E3": 90}, unbacked=110, word=100, per_view=100, per_view_interactions=40
            ),
            support("meta_ads", word=9_000),
            support("meta_ads", "JPY", per_view=15_000_000),
        ),
        campaigns=campaigns
        or (
            campaign(cost=1_050, clicks=1_250, evidence=(sessions(1_000),)),
            campaign("78", name="awareness", model=None, interactions=None, clicks=None),
        ),
        documents=(bill(),),
    )


def full_status() -> Status:
    return status(
        feed(states=days(d11="missing", d30="restated", d31="partial")),
        feed("9", connector="meta", name="Kobo", states=days(d3="zero", d21="failed")),
        feed("8", connector="meta", name="New", states={}, newest=None),
        troubles=(trouble("9"),),
    )


def read(month: Month, state: Status | None = None, *others: Month) -> Reader:
    return Reader(report_html(result(*others, month), state or full_status(), version="0.1.0"))


def test_first_screen_answers_the_three_questions() -> None:
    text = read(full_month()).text

    assert "October 2026: what you were billed, and what you got for it" in text
    assert "2 platforms · 3 accounts · billed EUR 10,000.00 · JPY 15,000,000. Currencies are never" in text
    assert "What can I claim back? EUR 1,315.02 JPY 633,428 3 claims against 2 platforms" in text
    assert "What did a real interaction cost me? EUR 1.05 platforms say 0.84" in text
    assert "0 of 3 accounts complete for October No day that every account has" in text
    assert "1 check could not run, 1 result may still change. These are not passes." in text


def test_claims_table_sums_to_the_headline_and_to_its_rows() -> None:
    page = read(full_month())
    (head,) = [row for row in page.rows if row[-1:] == ["Claims"]]
    first = page.rows.index(head) + 1

    assert head == ["Platform", "EUR", "JPY", "Claims"]
    assert page.rows[first : first + 3] == [
        ["Meta", "12.00 0.1%", "633,428 4.2%", "2"],
        ["Google Ads", "1,303.02 130.3%", "no spend", "1"],
        ["Sum", "1,315.02 13.2%", "633,428 4.2%", "3"],
    ]
    risks = [row[2] for row in page.rows if row[:1] in (["critical"], ["medium"], ["high"])]
    assert risks == ["EUR 1,303.02", "EUR 12.00", "JPY 633,428", "EUR 36.00"]


def test_three_buckets_stand_apart_and_sum_to_the_bill() -> None:
    page = read(full_month())
    first = page.rows.index(["Paid for", "EUR", "JPY"])

    assert page.rows[first + 1 : first + 10] == [
        ["Per action, backed by evidence", "690.00", "0"],
        ["your own records", "90.00", "0"],
        ["your own tag or SDK", "600.00", "0"],
        ["Per action, not backed", "110.00", "0"],
        ["Per action, platform's own count alone", "9,100.00", "0"],
        ["Per view (cpm, vcpm, flat)", "100.00", "15,000,000"],
        ["interactions that came with it", "40", "–"],
        ["cost of each", "2.50", "–"],
        ["Billed", "10,000.00", "15,000,000"],
    ]


def test_campaigns_show_impressions_beside_interactions() -> None:
    page = read(full_month())
    first = next(place for place, row in enumerate(page.rows) if row[:2] == ["Campaign", "Paid by"])
    silent = "– the platform does not say"

    assert page.rows[first + 1 : first + 3] == [
        [
            "awareness Google Ads · 123",
            "– pricing model not known",
            "1,500.00",
            "100,000",
            "15.00",
            silent,
            "– a count is missing",
            "– no interaction",
            "– no evidence connected",
        ],
        [
            "brand search Google Ads · 123",
            "cpc",
            "1,050.00",
            "100,000",
            "10.50",
            "2,000",
            "2.00%",
            "0.525",
            "1,000 visits",
        ],
    ]


def test_pricing_models_mark_the_cheapest_and_yours() -> None:
    html = report_html(result(full_month()), full_status(), version="0.1.0")
    row = next(row for row in Reader(html).rows if row[-1:] == ["1.25%"])

    assert row == ["brand search Google Ads · 123", "EUR 500.00", "EUR 1,050.00 you", "1.25%"]
    assert html.count('class="best"') == 1


def test_findings_that_are_no_claims_stand_in_their_own_lists() -> None:
    page = read(full_month())
    lists = [row[1].split(" Google")[0] for row in page.rows if len(row) == 4 and row[0] in ("low", "info")]

    assert lists == ["No interaction.", "Claimed by several."]
    assert "Questions to ask" in page.text
    assert page.text.index("760 of 1,000 arrived.") < page.text.index(
        "Paid for actions, or for views?", 2_000
    )


def test_proof_shows_formula_rows_and_who_counted() -> None:
    page = read(full_month())

    assert "Formula 0.75 × 1,980 clicks = 1,485.00" in page.text
    row = ["billed quantity", "the platform's own numbers", "invoice_lines INV-7/3", "2,400 clicks"]
    assert [*row, "23 Nov 2026 06:12 UTC"] in page.rows
    assert "adtally findings show F-1" in page.text


def test_long_proof_is_cut_and_says_where_the_rest_is() -> None:
    page = read(month(findings=(finding(evidence=tuple(proof(f"day {n}") for n in range(17))),)))

    assert [row[0] for row in page.rows if row[0].startswith("day ")] == [f"day {n}" for n in range(15)]
    assert "+ 2 rows: adtally findings show F-1" in page.text


def test_days_are_squares_with_their_state_in_words() -> None:
    html = report_html(result(full_month()), full_status(), version="0.1.0")

    assert (
        'class="missing" title="11\u00a0Oct: missing: never fetched, or empty between days with spend"'
        in html
    )
    assert 'class="partial" title="31\u00a0Oct: partial day: fetched before it ended"' in html
    assert "never synced" in html
    assert "<code>adtally sync meta --account 123</code>" in html


def test_checks_say_what_is_missing_and_what_may_still_change() -> None:
    page = read(full_month())

    assert ["leads-vs-crm", "No CRM.", "Connect a CRM.", "1"] in page.rows
    assert ["invoice-arithmetic", "2 fewer than billed.", "Wait until 30 Nov.", "1"] in page.rows
    assert "Pending results may become claims: EUR 640.00." in page.text
    assert ["Not checkable an input is missing; nothing is claimed either way", "1", "1"] in page.rows


def test_file_loads_and_runs_nothing() -> None:
    html = report_html(result(full_month()), full_status(), version="0.1.0")
    page = Reader(html)

    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv"))
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert {tag for tag, _ in page.tags} & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "form",
        "base",
    } == set()
    addresses = [value for _, attrs in page.tags for key, value in attrs.items() if key in ("href", "src")]
    assert [value for value in addresses if not (value or "").startswith("#")] == []
    assert [key for _, attrs in page.tags for key in attrs if key.startswith("on")] == []
    assert re.findall(r"https?://|url\(|@import", html) == []


def test_every_link_has_its_target_and_every_id_is_one() -> None:
    page = read(full_month())
    ids = [value for _, attrs in page.tags for key, value in attrs.items() if key == "id"]
    links = {(value or "")[1:] for _, attrs in page.tags for key, value in attrs.items() if key == "href"}

    assert len(ids) == len(set(ids))
    assert links - set(ids) == set()


def test_hostile_names_are_text_everywhere() -> None:
    rows = full_month(campaigns=(campaign(name=HOSTILE, evidence=(sessions(10),)),))
    hostile = finding(
        "F-h",
        explanation=f"Charged twice: {HOSTILE}",
        next_step=f"Ask {HOSTILE}",
        account_id=HOSTILE,
        platform=HOSTILE,
        evidence=(proof(HOSTILE, HOSTILE),),
    )
    nasty = month(
        findings=(hostile,),
        outcomes=(outcome("not_checkable", explanation=HOSTILE, next_step=HOSTILE),),
        support=(support(HOSTILE, word=5),),
        campaigns=rows.facts.campaigns,
    )
    state = status(
        feed(HOSTILE, name=HOSTILE, report=HOSTILE, states=days(d1="missing")),
        troubles=(trouble(HOSTILE, message=HOSTILE, retry=HOSTILE),),
        seen_twice=(HOSTILE,),
    )

    html = report_html(result(nasty), state, version="0.1.0")
    page = Reader(html)

    assert {tag for tag, _ in page.tags} & {"script", "img", "b onerror"} == set()
    assert "onerror" not in {key for _, attrs in page.tags for key in attrs}
    assert [char for char in "\u202e\x1b\x00" if char in html] == []
    assert "\\u202egnp.exe\\u001b[2J\\u0000" in page.text
    assert "{{ 7*7 }}" in page.text


def test_a_name_of_ten_thousand_characters_stays_short() -> None:
    long = full_month(campaigns=(campaign(name="x" * 10_000),))

    html = report_html(result(long), status(feed(name="y" * 10_000)), version="0.1.0")

    assert "x" * 65 not in html
    assert "y" * 65 not in html


STATES: dict[str, tuple[Month, Status]] = {
    "full": (full_month(), full_status()),
    "running": (full_month(window=NOVEMBER), full_status()),
    "quiet": (month(outcomes=(outcome(),), support=(support(word=1),)), status()),
    "no evidence": (month(support=(support(word=1, per_view=1),), campaigns=(campaign(),)), status()),
    "no bill and no cost": (month(), status()),
    "zero bill": (month(support=(support(),), campaigns=(campaign(cost=0, impressions=0),)), status()),
    "credits": (month(support=(support(word=-5, per_view=3),)), status()),
    "many currencies": (
        month(
            support=tuple(
                support(currency=code, word=1) for code in ("AUD", "CHF", "EUR", "GBP", "JPY", "USD")
            ),
            findings=(finding("F-1", currency="GBP"), finding("F-2", currency="USD")),
        ),
        status(),
    ),
    "no count known": (month(campaigns=(campaign(impressions=5, clicks=None, interactions=None),)), status()),
}


@pytest.mark.parametrize("name", STATES)
def test_no_state_leaves_an_empty_cell_or_a_word_of_the_machine(name: str) -> None:
    judged, state = STATES[name]
    html = report_html(result(judged), state, version="0.1.0")
    page = Reader(html)

    assert page.open == []
    assert re.findall(r"\b(None|nan|NaN|null|undefined|True|False)\b", page.text) == []
    assert re.findall(r"[−-]0(?:\.0+)?(?![\d.])\b", page.text.replace("2026-", "")) == []
    assert [row for row in page.rows if "" in row] == []


def test_no_evidence_is_not_known_and_shows_no_share() -> None:
    text = read(*STATES["no evidence"]).text

    assert "Not known yet Platforms say EUR 0.75 an interaction. Connect GA4," in text
    assert "not known yet: all of it is the platform’s word, or paid per view" in text
    assert "Per action, not backed" not in text


def test_no_findings_is_nothing_to_claim_and_no_praise() -> None:
    text = read(*STATES["quiet"]).text

    assert "Nothing to claim 1 check ran, 0 could not." in text
    assert "Every check could run, and no result may still change." in text


def test_never_synced_is_one_page_with_three_commands() -> None:
    page = Reader(report_html(result(), status(as_of=""), version="0.1.0"))

    assert "Nothing here yet Three commands fill the ledger: adtally init" in page.text
    assert page.rows == []


def test_synced_but_never_judged_says_the_next_command() -> None:
    page = Reader(report_html(result(), status(), version="0.1.0"))

    assert "Nothing judged yet" in page.text
    assert "adtally reconcile" in page.text


def test_old_data_is_told_in_the_masthead() -> None:
    text = read(full_month(), status(as_of="2026-11-20T06:12:00Z")).text

    assert "data as of 20 Nov 2026 06:12 UTC (3 days old)" in text


def test_other_months_are_named_with_their_command() -> None:
    text = read(month(NOVEMBER), status(), full_month()).text

    assert "October 2026: what you were billed" in text
    assert "Also judged: November 2026 (0 claims), adtally report --month 2026-11" in text


def test_largest_claims_are_listed_and_the_rest_summed() -> None:
    many = tuple(finding(f"F-{n:04d}", at_risk=(1_000 - n) * UNIT) for n in range(503))
    page = read(month(findings=many, support=(support(word=1_000_000),)))

    assert sum(row[0] == "high" for row in page.rows if row) == 500
    assert ["smaller", "+ 3 smaller claims, Google Ads", "EUR 1,497.00", "adtally findings list"] in page.rows
    assert f"EUR {sum(1_000 - n for n in range(503)):,}.00 503 claims" in page.text


def test_report_is_written_in_one_file_and_is_the_same_each_time(tmp_path: Path) -> None:
    judged, state = full_month(), full_status()

    write_report(tmp_path / "a.html", result(judged), state, version="0.1.0")
    write_report(tmp_path / "b.html", result(judged), state, version="0.1.0")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.html").stat().st_size < 100_000


def test_month_that_is_named_is_written() -> None:
    november = month(NOVEMBER, support=(support(word=1),))

    html = report_html(result(full_month(), november), full_status(), version="0.1.0", month=november)

    assert "November\u00a02026: what you were billed so far" in html
    assert date(2026, 11, 23).isoformat() in html
