"""The terminal at 80 columns, as text."""

import io
from datetime import date

import pytest
from rich.cells import cell_len
from rich.console import Console

from adtally.engine.day_states import DayState
from adtally.engine.summary import Failure, Run, UnitCounts, UnitEnd, UnitStatus
from adtally.reconciliation.result import Result
from adtally.reporting import terminal

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


class Screen:
    """A console that remembers, 80 columns wide."""

    def __init__(self, encoding: str = "utf-8", *, is_terminal: bool = False) -> None:
        self.bytes = io.BytesIO()
        self.encoding = encoding
        stream = io.TextIOWrapper(self.bytes, encoding=encoding, write_through=True)
        self.console = Console(file=stream, width=80, force_terminal=is_terminal, color_system=None)

    @property
    def text(self) -> str:
        return self.bytes.getvalue().decode(self.encoding)


@pytest.fixture
def screen() -> Screen:
    return Screen()


def october() -> Result:
    return result(
        month(
            findings=(
                finding(
                    "F-0002",
                    severity="critical",
                    at_risk=1_303_020_000,
                    account_id="9",
                    platform="meta_ads",
                    explanation="Billed on a cost-per-click line that has 0 clicks.",
                    next_step="Ask Meta for a credit of EUR 1,303.02.",
                ),
                finding("F-0017", at_risk=399_950_000),
                finding("F-0018", at_risk=1 * UNIT),
                finding("F-0019", asks="ask", at_risk=36 * UNIT),
            ),
            outcomes=(
                *[outcome("match")] * 3,
                *[outcome("finding")] * 4,
                outcome("pending", at_risk=640 * UNIT),
                outcome("not_checkable"),
            ),
            support=(
                support(
                    backed={"E2": 600, "E3": 90},
                    unbacked=110,
                    word=100,
                    per_view=100,
                    per_view_interactions=40,
                ),
                support("meta_ads", word=9_000),
            ),
            campaigns=(campaign(cost=1_050, clicks=1_250, evidence=(sessions(1_000),)),),
            documents=(bill(),),
        )
    )


SUMMARY = """\
October 2026  2 platforms, 2 accounts, data as of 23 Nov 2026 06:12 UTC

         billed  claim back  backed                  a confirmed visit
EUR   10,000.00    1,703.97      7%  █░░░░░░░░░░░░░  1.05 (they say 0.84)
Meta: no bill is known; from the platform's own cost report.

What was paid for                                  EUR
Per action, backed by evidence                  690.00
  your own records                               90.00
  your own tag or SDK                           600.00
Per action, not backed                          110.00
Per action, platform's own count alone        9,100.00
Per view (cpm, vcpm, flat)                      100.00
  interactions that came with it                    40
  cost of each                                    2.50

Claims  3 open, largest first within each currency
CRITICAL  EUR 1,303.02  Billed on a cost-per-click line that has 0 clicks.
                        Meta, 9  F-0002
high        EUR 399.95  EUR 1,800.00 billed; 1,980 clicks at the agreed 0.75
                        make EUR 1,485.00: EUR 315.00 too much.
                        Google Ads, Fjord Coffee IT  F-0017
1 more: adtally findings list
1 finding to ask about, where no contract turns it into money: EUR 36.00

What to do next
1. Ask Meta for a credit of EUR 1,303.02.
2. Ask Google Ads for a credit of EUR 315.00.

Checked  4 findings (3 claims), 3 match, 0 within tolerance, 0 explained, 0
         clear, 1 pending, 1 not checkable (the report says what is missing)
         pending may become claims: EUR 640.00
Data     1 of 2 accounts complete, newest day everywhere 22 Nov
         meta/123 campaign_daily, 21–31 Oct failed: token expired
         then: adtally sync meta --account 123
         The gaps, day by day: adtally status
"""


def test_summary_says_what_to_claim_what_it_bought_and_what_is_missing(screen: Screen) -> None:
    state = status(feed(), feed(connector="meta"), troubles=(trouble(),))

    terminal.print_result(screen.console, october(), state, limit=2)

    assert screen.text == SUMMARY


def test_several_months_have_a_line_each_and_the_newest_ended_one_is_shown(screen: Screen) -> None:
    months = result(
        month(OCTOBER, findings=(finding(),), support=(support(word=1_500),)),
        month(NOVEMBER, support=(support(word=700),)),
    )

    terminal.print_result(screen.console, months, status())

    assert screen.text.splitlines()[:5] == [
        "Months                    billed    claim back",
        "October 2026   EUR      1,500.00        315.00  shown below",
        "November 2026  EUR        700.00          0.00  running",
        "",
        "October 2026  1 platform, 1 account, data as of 23 Nov 2026 06:12 UTC",
    ]


def test_month_that_was_asked_for_is_shown_although_it_is_running(screen: Screen) -> None:
    november = month(NOVEMBER, support=(support(word=700),))

    terminal.print_result(screen.console, result(month(OCTOBER), november), status(), month=november)

    assert "November 2026  still running, 1 platform" in screen.text


def test_without_evidence_backing_is_not_known(screen: Screen) -> None:
    terminal.print_result(screen.console, result(month(support=(support(word=1_500),))), status())

    assert "EUR    1,500.00        0.00  not known yet\n" in screen.text
    assert "What is backed is not known yet. Connect GA4," in screen.text
    assert "Per action, backed by evidence               not known\n" in screen.text
    assert "%" not in screen.text


def test_without_findings_it_says_what_ran_and_what_could_not(screen: Screen) -> None:
    quiet = month(outcomes=(outcome(), outcome("not_checkable")), support=(support(word=1),))

    terminal.print_result(screen.console, result(quiet), status())

    assert "Claims  Nothing to claim: 1 check ran, 1 could not.\n" in screen.text


def test_never_synced_says_the_three_commands(screen: Screen) -> None:
    terminal.print_result(screen.console, result(), status(as_of=""))

    assert screen.text == (
        "Nothing here yet. Three commands fill the ledger:\n"
        "  adtally init    writes a config.toml to fill in\n"
        "  adtally check   proves the credentials, stores nothing\n"
        "  adtally sync    fetches what the platforms report and bill\n"
    )


def test_synced_but_never_judged_says_the_next_command(screen: Screen) -> None:
    terminal.print_result(screen.console, result(), status())

    assert screen.text == "Nothing is judged yet. Next: adtally reconcile\n"


def test_ascii_stream_gets_ascii(screen: Screen) -> None:
    plain = Screen("ascii")
    state = status(feed(name="年末 Kaffee Ö"), feed(connector="meta"), troubles=(trouble(),))

    terminal.print_result(plain.console, october(), state, limit=2)

    assert "#.............  1.05" in plain.text
    assert "21-31 Oct failed" in plain.text
    assert "\\u5e74\\u672b Kaffee \\xd6" in plain.text


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_screen_and_none_ends_in_spaces(width: int) -> None:
    names = ("年末セール キャンペーン" * 5, HOSTILE * 3, "x" * 10_000)
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None)
    findings = tuple(
        finding(f"F-{n}", account_id=str(n), explanation=f"Charged twice: {name}", next_step=f"Ask {name}")
        for n, name in enumerate(names)
    )
    state = status(*(feed(str(n), name=name) for n, name in enumerate(names)))
    sums = tuple(support(currency=code, word=999_999_999) for code in ("EUR", "JPY", "KWD", "USD"))

    terminal.print_result(console, result(month(findings=findings, support=sums)), state)
    terminal.print_findings(console, findings)
    terminal.print_finding(console, findings[1])
    terminal.print_status(console, state)

    lines = stream.getvalue().splitlines()
    assert [line for line in lines if cell_len(line) > width or line != line.rstrip()] == []


def test_names_from_platforms_cannot_style_hide_or_move_text() -> None:
    screen = Screen(is_terminal=True)
    hostile = finding(
        explanation=f"Billed: {HOSTILE}", account_id=HOSTILE, evidence=(proof(HOSTILE, HOSTILE),)
    )

    terminal.print_finding(screen.console, hostile)

    assert "\u202e" not in screen.text
    assert "\x1b[2J" not in screen.text
    assert "\x00" not in screen.text
    assert "[bold]" in screen.text
    assert "\\u202egnp.exe\\u001b[2J\\u0000" in screen.text


def test_finding_shows_its_numbers_its_step_and_its_proof(screen: Screen) -> None:
    terminal.print_finding(screen.console, finding(), names={("google_ads", "123"): "Fjord Coffee IT"})

    assert (
        screen.text
        == """\
EUR 1,800.00 billed; 1,980 clicks at the agreed 0.75 make EUR 1,485.00: EUR
315.00 too much.
high  finding, open since 23 Nov 2026 06:12 UTC
Google Ads, Fjord Coffee IT, campaign 77, bill INV-7, 1–31 Oct 2026
expected-charge-vs-billed  F-1

How much
  Billed            EUR 1,800.00
  Expected          EUR 1,485.00  0.75 × 1,980 clicks = 1,485.00
  Difference         EUR +315.00
  Explained             EUR 0.00  no row explains any of it
  Tolerance             EUR 7.43
  At risk             EUR 315.00  breaks the contract: 1% of the document or 100
                                  units and more

What to do
  Ask Google Ads for a credit of EUR 315.00.
  Then record it: adtally findings ack F-1 --note TEXT

Proof
  the platform's own numbers; invoice_lines INV-7/3; fetched 23 Nov 2026 06:12
  UTC
    billed quantity                               2,400 clicks
"""
    )


def test_list_of_findings_names_month_state_and_id(screen: Screen) -> None:
    rows = [
        finding("F-1", explanation="Charged twice."),
        finding("F-2", at_risk=0, explanation="Worth knowing."),
    ]

    terminal.print_findings(screen.console, [*rows, finding("F-3")], limit=2)

    assert (
        screen.text
        == """\
high      EUR 315.00  Charged twice.
                      Google Ads, 123  2026-10  open  F-1
high               –  Worth knowing.
                      Google Ads, 123  2026-10  open  F-2
1 more: adtally findings list
"""
    )


def test_no_findings_is_said(screen: Screen) -> None:
    terminal.print_findings(screen.console, [])

    assert screen.text == "No findings.\n"


def heads(screen: Screen) -> list[str]:
    """What the lines of the calendar begin with."""
    lines = [line[:24] for line in screen.text.splitlines()]
    return [
        line if "_daily" in line else line.split()[0]
        for line in lines
        if line.startswith("google/") or "_daily" in line
    ]


def test_status_repeats_no_calendar_that_looks_like_the_campaigns(screen: Screen) -> None:
    gone: dict[date, DayState] = dict.fromkeys(OCTOBER, "denied")
    state = status(
        feed(report="ad_daily", grain="ad"),
        feed(),
        feed(report="ad_group_daily", grain="ad_group", states=days(d9="failed")),
        feed("9", states=gone),
        feed("9", report="ad_daily", grain="ad", states=gone),
    )

    terminal.print_status(screen.console, state)

    assert heads(screen) == [
        "campaign_daily, Oct 2026",
        "google/9",
        "google/123",
        "ad_group_daily, Oct 2026",
        "google/123",
    ]


def test_denied_account_is_no_news_in_an_older_month(screen: Screen) -> None:
    gone: dict[date, DayState] = dict.fromkeys([*OCTOBER, *NOVEMBER], "denied")
    state = status(feed("9", states=gone))

    terminal.print_status(screen.console, state)

    assert [line[:24] for line in screen.text.splitlines() if "_daily" in line] == [
        "campaign_daily, Nov 2026"
    ]


def test_status_is_a_calendar_of_signs_with_the_command_for_each_trouble(screen: Screen) -> None:
    failed = days(d29="failed", d30="failed", d31="failed")
    state = status(
        feed("1234567890", states=days(d11="missing", d12="missing", d30="restated", d31="restated")),
        feed("6366337586", connector="meta", states=failed, newest=date(2026, 10, 28)),
        feed("55", connector="tiktok", states={}, newest=None),
        feed("55", connector="tiktok", report="invoices", states={}, newest=date(2026, 9, 30)),
        troubles=(
            trouble(
                "6366337586", first_day=date(2026, 10, 29), retry="adtally sync meta --account 6366337586"
            ),
        ),
        seen_twice=("Account google/1 is also seen by google_b; google syncs it.",),
    )

    terminal.print_status(screen.console, state)

    assert (
        screen.text
        == """\
Status  data as of 23 Nov 2026 06:12 UTC

campaign_daily, Oct 2026    1         11        21       31  newest
google/1234567890      EUR  ..........??.................~~  22 Nov
meta/6366337586        EUR  ............................xxx  28 Oct
tiktok/55              EUR  never synced

. final, ~ may be restated, ? missing (never asked), x failed

tiktok/55                   invoices: 30 Sep

What to do
  meta/6366337586 campaign_daily, 29–31 Oct failed: token expired
  then: adtally sync meta --account 6366337586
Seen twice  Account google/1 is also seen by google_b; google syncs it.
"""
    )


def test_denied_days_have_their_own_sign_and_word(screen: Screen) -> None:
    state = status(feed(states=days(d30="denied", d31="failed")))

    terminal.print_status(screen.console, state)

    assert ".............................!x" in screen.text
    assert "\n. final, x failed, ! not permitted\n" in screen.text


def test_report_of_which_every_day_is_missing_was_never_synced(screen: Screen) -> None:
    never = feed(states=dict.fromkeys(OCTOBER, "missing"), newest=None)

    terminal.print_status(screen.console, status(never))

    assert "google/123             EUR  never synced\n" in screen.text


def test_older_months_are_shown_only_where_days_are_missing(screen: Screen) -> None:
    both = days(OCTOBER, d11="missing") | days(NOVEMBER)
    state = status(feed("1", states=both), feed("2", states=days(OCTOBER) | days(NOVEMBER)))

    terminal.print_status(screen.console, state)

    assert [line[:26].rstrip() for line in screen.text.splitlines() if "EUR" in line or "daily" in line] == [
        "campaign_daily, Oct 2026",
        "google/1               EUR",
        "campaign_daily, Nov 2026",
        "google/1               EUR",
        "google/2               EUR",
    ]


def test_sync_ends_with_what_came_what_failed_and_what_to_do(screen: Screen) -> None:
    run = Run(
        run_id="r1",
        units=UnitCounts(done=279, skipped=12, failed=1),
        rows={"delivery": 84_120, "invoices": 12, "terms": 0},
        requests=301,
        seconds=72.4,
        failures=[
            Failure(
                connector="meta",
                account_id="6366",
                report="campaign_daily",
                first_day=date(2026, 10, 21),
                last_day=date(2026, 10, 31),
                error="AuthError",
                message="token expired\x1b[2J",
                retry="adtally sync meta --account 6366",
            ),
            Failure(connector="tiktok", error="AuthError", message="no access", retry="adtally sync tiktok"),
        ],
    )

    terminal.print_sync(screen.console, run)

    assert (
        screen.text
        == """\
Synced  279 units done, 12 left out, 1 failed; 301 requests in 1 min 12 s
        rows: delivery 84,120, invoices 12
        meta/6366 campaign_daily, 21–31 Oct failed: token expired\\u001b[2J
        then: adtally sync meta --account 6366
        tiktok failed: no access
        then: adtally sync tiktok
"""
    )


def test_sync_tells_one_cause_once_and_counts_what_is_left_out(screen: Screen) -> None:
    def failure(report: str, day: int, account_id: str = "6366") -> Failure:
        return Failure(
            connector="meta",
            account_id=account_id,
            report=report,
            first_day=date(2026, 10, day),
            last_day=date(2026, 10, day),
            error="DeniedError",
            message=f"no access (HTTP 403, request r-{day})",
            retry=f"adtally sync meta --account {account_id}",
        )

    run = Run(
        run_id="r1",
        failures=[failure("ads", 3), failure("campaigns", 1), failure("invoices", 2)],
        notes=[f"google/{n} invoices: not on monthly invoicing, request r-{n}" for n in range(4)],
    )

    terminal.print_sync(screen.console, run)

    assert (
        screen.text
        == """\
Synced  0 units done; 0 requests in 0 s
        nothing new
        google/0 invoices: not on monthly invoicing
        google/1 invoices: not on monthly invoicing
        google/2 invoices: not on monthly invoicing
        1 more notes: adtally status
        meta/6366 3 reports, 1–3 Oct failed: no access (HTTP 403)
        then: adtally sync meta --account 6366
"""
    )


def test_sync_that_the_deadline_stopped_is_not_called_failed(screen: Screen) -> None:
    left = Failure(
        connector="meta",
        error="DeadlineError",
        message="the deadline came first, 12 units are left; what came is stored, and so on",
        retry="adtally sync meta",
    )

    terminal.print_sync(screen.console, Run(run_id="r1", units=UnitCounts(done=3), failures=[left]))

    assert (
        screen.text
        == """\
Synced  3 units done; 0 requests in 0 s
        nothing new
        meta stopped: the deadline came first, 12 units are left; what came is
        stored, and so on
        then: adtally sync meta
"""
    )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def end(connector: str, status: UnitStatus = "done", *, rows: int = 0) -> UnitEnd:
    return UnitEnd(
        run_id="r1",
        connector=connector,
        account_id="1",
        report="campaign_daily",
        first_day=OCTOBER.first_day,
        last_day=OCTOBER.last_day,
        status=status,
        rows=rows,
        seconds=0.1,
        error="" if status == "done" else "token expired",
    )


def test_progress_off_a_terminal_is_one_line_per_finished_connector(screen: Screen) -> None:
    clock = Clock()

    with terminal.SyncProgress(screen.console, now=clock) as progress:
        progress.started("google", 9, 2)
        progress.failed(
            Failure(connector="meta", account_id="9", error="DeniedError", message="not visible", retry="")
        )
        progress.started("meta", 1, 1)
        progress.unit_ended(end("google", rows=1_200))
        progress.unit_ended(end("google", rows=34))
        progress.unit_ended(end("meta", "failed"))
        clock.now = 72.0
        progress.finished("google")
        progress.finished("meta")

    assert screen.text == (
        "google            9 accounts, 2 units, 1,234 rows, 1 min 12 s\n"
        "meta              1 account, 0 units, 0 rows, 2 failed, 1 min 12 s\n"
    )


def test_progress_on_a_terminal_draws_a_line_for_each_connector(screen: Screen) -> None:
    clock = Clock()
    progress = terminal.SyncProgress(screen.console, now=clock)
    progress.failed(Failure(connector="amazon", error="AuthError", message="not accepted", retry=""))
    progress.started("google", 9, 4)
    progress.started("meta", 1, 2)
    progress.started("tiktok", 6, 3)
    for _ in range(2):
        progress.unit_ended(end("google", rows=42_060))
    progress.unit_ended(end("meta", "denied"))
    progress.unit_ended(end("meta", "waiting"))
    progress.finished("meta")
    progress.waiting("tiktok", 60)
    clock.now = 18.0

    drawn = progress.picture().plain.replace("\u00a0", " ")

    assert drawn.splitlines() == [
        "Sync                                                    2 of 4 connectors done",
        "amazon                          failed, see below",
        "google              9 accounts  [██████████░░░░░░░░░░] 2/4     84,120 rows",
        "meta                 1 account  [████████████████████] 2/2  2 failed, see below",
        "tiktok              6 accounts  slowed by the platform, goes on in 42 s",
        "18 s, about 22 s left                   Ctrl-C stops safely, nothing is lost",
    ]
    assert max(map(cell_len, drawn.splitlines())) <= 80


def test_drawn_progress_leaves_the_screen_when_the_sync_ends() -> None:
    screen = Screen(is_terminal=True)

    with terminal.SyncProgress(screen.console) as progress:
        progress.started("google", 1, 1)
        progress.unit_ended(end("google", rows=1))
        progress.finished("google")

    assert screen.text.endswith("\x1b[2K")
