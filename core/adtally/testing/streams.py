"""Laws about answers that come in pieces: one that breaks off, and one of several pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..answer import Answer
from ..world import Reply
from .documents import count_rows, decoded
from .hearing import PLAIN, Change, Course, Hearing, difference
from .loopback import Arrived, cut
from .trial import Broken
from .watching import Stream


def cut_changes_nothing(hearing: Hearing) -> str:
    """Break each answer off in turn, however often it is asked for, then disturb nothing."""
    plain = hearing.plain()
    if difference(plain.tables, hearing.sync(ledger=PLAIN).tables):
        return "a second run changes rows by itself, so that nothing can be said of a disturbed one"
    for_accounts = _questions(hearing, frozenset())
    done = 0
    for name in dict.fromkeys(stream.report.name for stream in plain.streams):
        reports = frozenset({name})
        for number in range(done + 1, _questions(hearing, reports) + 1):
            _cut_one(hearing, plain, reports, number)
        done = for_accounts
    return ""


def _questions(hearing: Hearing, reports: frozenset[str]) -> int:
    """How many different questions a sync of these reports asks, those for the accounts first."""
    return len({exchange.asked.mark for exchange in hearing.sync(ledger=PLAIN, reports=reports).exchanges})


def _cut_one(hearing: Hearing, plain: Course, reports: frozenset[str], number: int) -> None:
    struck = list[Arrived]()
    course = hearing.sync(_breaking_off(number, struck), ledger=PLAIN, reports=reports)
    if not struck:  # by chance the sync had to ask one question less this time
        return
    where = f"the answer to {struck[0].request.method} {struck[0].request.path} breaks off"
    if changed := difference(plain.tables, course.tables, but=frozenset({"units"})):
        raise Broken(f"{where}, and {changed}")
    came = course.run.units.done + course.run.units.skipped
    wanted = sum(row["report"] in reports for row in plain.tables["units"])
    if not course.run.failures and came != wanted:
        raise Broken(f"{where}, {came} of {wanted} units come, and none fails")
    after = hearing.sync(ledger=PLAIN, reports=reports)
    if after.run.failures:
        raise Broken(f"{where}, and the next sync fails: {after.run.failures[0].message}")
    if changed := difference(plain.tables, after.tables):
        raise Broken(f"{where}, and after the next sync {changed}")


def _breaking_off(number: int, struck: list[Arrived]) -> Change:
    """Cut the answer to the question that comes as this number, counting equal ones once."""
    known = dict[object, int]()

    def change(asked: Arrived, reply: Reply) -> Reply:
        if known.setdefault(asked.mark, len(known) + 1) != number:
            return reply
        struck.append(asked)
        return cut(reply)

    return change


def page_by_page(hearing: Hearing) -> str:
    """Look at each daily unit of several pages: something is yielded before the last page is asked for."""
    judged, left = False, set[str]()
    for stream in hearing.plain().streams:
        if not stream.report.by_days or not stream.records or len(pages := _pages(stream)) < 2:
            continue
        if stream.report.name in hearing.trial.adds_up:
            left.add(stream.report.name)
            continue
        judged = True
        first = next(n for n, event in enumerate(stream.events) if not isinstance(event, Answer))
        if first > pages[-1]:
            raise Broken(
                f"{stream.report.name}, {stream.window}: all {len(pages)} pages are read before the first "
                "record is yielded: yield the records of a page before you ask for the next one"
            )
    if left:
        return f"not judged, for they add up their pages: {', '.join(sorted(left))}"
    return "" if judged else "no daily unit has several pages: let the platform answer with small ones"


def _pages(stream: Stream) -> list[int]:
    """The places of the answers with rows from where the last such answer came from."""
    found = [
        (n, urlsplit(event.url).path)
        for n, event in enumerate(stream.events)
        if isinstance(event, Answer) and count_rows(decoded(event.body))
    ]
    return [n for n, path in found if path == found[-1][1]]
