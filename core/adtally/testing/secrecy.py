"""Laws about who is asked, and who gets to see a secret."""

from __future__ import annotations

import logging
import traceback
from base64 import b64encode
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from ..connector import Unit
from ..redaction import secrets_of
from ..world import Reply
from .documents import decoded, texts, with_texts
from .hearing import PLAIN, Change, Course, Hearing
from .loopback import Arrived
from .trial import Broken

SHORT = 8
HTML = {"Content-Type": "text/html"}


def only_its_own_hosts(hearing: Hearing) -> str:
    """Let a sync show whom it asks: what is below ``base_url``, and what an answer handed out."""
    course, handed = hearing.sync(), set[str]()
    for exchange in course.exchanges:
        url = _bare(exchange.asked.url)
        if not url.startswith(f"{hearing.base_url}/") and url not in handed:
            raise Broken(f"{url} is asked, which is not below base_url, and no answer handed it out")
        handed.update(map(_bare, _links(exchange.reply)))
    known = {urlsplit(url).hostname for url in handed}
    for host in course.hosts:
        if host not in known:
            raise Broken(f"{host} is asked, and no answer handed it out: name it in base_url or own_hosts")
    hearing.expect_sound(course)
    return ""


def credentials_stay_at_home(hearing: Hearing) -> str:
    """Let answers link to another origin, then let each path redirect there; look at what arrives."""
    plain = hearing.plain()
    secrets = _secrets(hearing, plain)
    home, elsewhere = hearing.home, hearing.elsewhere
    runs = [("an answer links", hearing.sync(_links_moved(home, elsewhere), ledger=PLAIN))]
    for path, reports in plain.paths.items():
        change = _redirected(path, home, elsewhere)
        runs.append((f"{path} redirects", hearing.sync(change, ledger=PLAIN, reports=reports)))
    for what, course in runs:
        for exchange in course.exchanges:
            asked = exchange.asked
            if not asked.url.startswith(elsewhere):
                continue
            if "authorization" in asked.request.headers:
                raise Broken(f"{what} to another origin, and it is sent an Authorization header")
            sent = "\n".join([asked.url, *asked.request.headers.values()]).encode() + asked.request.body
            if _has_secret(sent, secrets):
                raise Broken(f"{what} to another origin, and it is sent a secret: {_bare(asked.url)}")
    return "" if secrets else "the connector has no secrets: its fields of type SecretStr are empty"


def no_secret_in_a_log(hearing: Hearing) -> str:
    """Log everything while syncs succeed and fail, and let a careless platform echo what it is asked."""
    with _logged(hearing) as lines:
        plain = hearing.plain()
        secrets = _secrets(hearing, plain)
        told = list(_told_by_syncs(hearing, plain))
        told += _told_by_errors(hearing)
        told += [("repr() of the connector", repr(hearing.connector()))]
        told += [("a log line", line) for line in lines]
    for where, text in told:
        if _has_secret(text.encode(), secrets):
            raise Broken(f"a secret stands in {where}: {_without(text, secrets)}")
    for file in hearing.folder.glob("*.db*"):
        if _has_secret(file.read_bytes(), secrets):
            raise Broken("a secret stands in the ledger file")
    return "" if secrets else "the connector has no secrets: its fields of type SecretStr are empty"


def _told_by_syncs(hearing: Hearing, plain: Course) -> Iterator[tuple[str, str]]:
    """What runs say in which each path in turn is refused or is no JSON, and then everything fails."""
    yield "Run.notes", repr(plain.run.notes)
    for path, reports in plain.paths.items():
        for status in (200, 400):
            yield from _told(hearing.sync(_echoing(status, path), ledger=PLAIN, reports=reports))
    for status in (401, 403, 429, 500):
        yield from _told(hearing.sync(_echoing(status), ledger=PLAIN))


def _told(course: Course) -> Iterator[tuple[str, str]]:
    yield "Run.failures", repr(course.run.failures)
    yield "Run.notes", repr(course.run.notes)


def _told_by_errors(hearing: Hearing) -> Iterator[tuple[str, str]]:
    """The traceback of each report that is asked for directly and refused."""
    connector = hearing.connector()
    accounts = list(connector.accounts())[:1]
    with hearing.answering(_echoing(400)):
        for account in accounts:
            for report in connector.reports():
                unit = Unit(account, hearing.trial.window, hearing.trial.today)
                try:
                    list(connector.fetch(report, unit))
                except Exception as error:  # noqa: BLE001 - whatever it raises is printed by somebody
                    text = "".join(traceback.format_exception(error))
                    yield f"the traceback of {report.name}", text


@contextmanager
def _logged(hearing: Hearing) -> Generator[list[str]]:
    """Every line that adtally and the connector's package log meanwhile, as a file would have it."""
    lines, own = list[str](), hearing.trial.connector.__module__.partition(".")[0]

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Lines()
    loggers = [logging.getLogger(name) for name in {"adtally", own}]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)


def _secrets(hearing: Hearing, plain: Course) -> set[str]:
    """The trial's secrets, and the tokens that were obtained with them."""
    found = set(secrets_of(hearing.connector()))
    if any(len(secret) < SHORT for secret in found):
        raise Broken(f"a secret of the trial is too short to look for: give it {SHORT} characters or more")
    signed = (
        value
        for exchange in plain.exchanges
        for name, value in exchange.asked.request.headers.items()
        if name.lower() == "authorization" or name.lower().endswith("-token")
    )
    return found | {token for _, _, token in (text.rpartition(" ") for text in signed) if len(token) >= SHORT}


def _spellings(secret: str) -> tuple[bytes, ...]:
    raw = secret.encode()
    return raw, quote(secret, safe="").encode(), b64encode(raw)


def _has_secret(data: bytes, secrets: Iterable[str]) -> bool:
    return any(spelling in data for secret in secrets for spelling in _spellings(secret))


def _without(text: str, secrets: Iterable[str]) -> str:
    """The line in which a secret stands, with the secret taken out."""
    line = next(line for line in text.splitlines() if _has_secret(line.encode(), secrets))
    for secret in secrets:
        for spelling in _spellings(secret):
            line = line.replace(spelling.decode(), "[secret]")
    return line.strip()[:200]


def _links(reply: Reply) -> list[str]:
    found = [text for text in texts(decoded(reply.body)) if text.startswith(("http://", "https://"))]
    return [*found, *(value for name, value in reply.headers.items() if name.lower() == "location")]


def _links_moved(home: str, elsewhere: str) -> Change:
    def change(_asked: Arrived, reply: Reply) -> Reply:
        return with_texts(reply, lambda text: text.replace(home, elsewhere))

    return change


def _redirected(path: str, home: str, elsewhere: str) -> Change:
    def change(asked: Arrived, reply: Reply) -> Reply:
        if asked.request.path != path or not asked.url.startswith(home):
            return reply
        return Reply(307, b"", {"Location": asked.url.replace(home, elsewhere)})

    return change


def _echoing(status: int, path: str = "") -> Change:
    """Answer with a page that repeats the request, as careless platforms and proxies do; "" = at any path."""

    def change(asked: Arrived, reply: Reply) -> Reply:
        if path not in ("", asked.request.path):
            return reply
        headers = "\n".join(f"{name}: {value}" for name, value in asked.request.headers.items())
        page = f"<html><pre>{asked.request.method} {asked.url}\n{headers}\n\n".encode() + asked.request.body
        return Reply(status, page, HTML)

    return change


def _bare(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]
