"""The sandbox's Stripe is as strict and as moody as the real one."""

import json
from urllib.parse import urlencode

import pytest

from adtally import world
from adtally_connectors.stripe.sandbox import StripeFake
from adtally_connectors.stripe.sandbox.fake import BROKEN, THROTTLED, VERSION

from ..trials import played
from .builders import Json, at

HEADERS = {"authorization": "Bearer rk_sandbox_stripe_key", "stripe-version": VERSION}
LISTS = ("charges", "refunds", "disputes", "checkout/sessions")
ALL = (("limit", "100"),)


class Client:
    """Somebody who asks a fake directly that has its moods behind it."""

    def __init__(self) -> None:
        self.fake = StripeFake(played())
        for _ in range(max(THROTTLED, BROKEN)):
            self.ask("balance")

    def ask(self, path: str, *query: tuple[str, str], method: str = "GET", **changes: str) -> world.Reply:
        headers = {**HEADERS, **{name.replace("_", "-"): value for name, value in changes.items()}}
        request = world.Request(method, f"/v1/{path}", dict(query), headers, b"", urlencode(query))
        return self.fake.answer(request)

    def rows(self, path: str, *query: tuple[str, str]) -> list[dict[str, object]]:
        reply = self.ask(path, *query)
        assert reply.status == 200
        found: list[dict[str, object]] = json.loads(reply.body)["data"]
        return found

    def refusal(self, path: str, *query: tuple[str, str], **changes: str) -> Json:
        reply = self.ask(path, *query, **changes)
        error: Json = json.loads(reply.body)["error"]
        assert reply.headers["Request-Id"].startswith("req_")
        return {"status": reply.status, **error}


@pytest.fixture(scope="module")
def client() -> Client:
    return Client()


@pytest.mark.parametrize("path", LISTS)
def test_a_list_comes_by_ten_the_newest_first(client: Client, path: str) -> None:
    reply = client.ask(path)

    document = json.loads(reply.body)
    made = [row["created"] for row in document["data"]]
    assert (document["object"], document["url"]) == ("list", f"/v1/{path}")
    assert made == sorted(made, reverse=True)
    assert len(made) == 10 or not document["has_more"]
    assert reply.headers["Stripe-Version"] == VERSION


def test_pages_after_and_before_a_row_join(client: Client) -> None:
    first = client.rows("charges", ("limit", "4"))
    after = client.rows("charges", ("limit", "2"), ("starting_after", str(first[1]["id"])))
    before = client.rows("charges", ("limit", "2"), ("ending_before", str(first[3]["id"])))

    assert after == first[2:]
    assert before == first[1:3]


def test_pages_end(client: Client) -> None:
    known = list[object]()
    query: tuple[tuple[str, str], ...] = ALL
    more = True
    while more:
        document = json.loads(client.ask("charges", *query).body)
        known += [row["id"] for row in document["data"]]
        query, more = (*ALL, ("starting_after", str(known[-1]))), document["has_more"]

    assert len(set(known)) == len(known) > 500


def test_bounds_are_half_open(client: Client) -> None:
    [first, *_] = client.rows("charges", ("limit", "1"))
    made = str(first["created"])

    assert first in client.rows("charges", *ALL, ("created[gte]", made), ("created[lte]", made))
    assert client.rows("charges", *ALL, ("created[gt]", made), ("created[gte]", made)) == []
    assert client.rows("charges", *ALL, ("created[gte]", made), ("created[lt]", made)) == []


def test_rows_are_expanded_only_when_asked(client: Client) -> None:
    [plain] = client.rows("refunds", ("limit", "1"))
    asked = (("expand[0]", "data.charge"), ("expand[1]", "data.payment_intent"))
    [rich] = client.rows("refunds", ("limit", "1"), *asked, ("expand[2]", "data.balance_transaction"))

    assert {name: rich[name]["id"] for name in ("charge", "payment_intent", "balance_transaction")} == {  # type: ignore[index]
        name: plain[name] for name in ("charge", "payment_intent", "balance_transaction")
    }


@pytest.mark.parametrize(
    ("path", "query", "param", "code"),
    [
        ("charges", (("status", "paid"),), "status", "parameter_unknown"),
        ("charges", (("from", "2026-10-01"),), "from", "parameter_unknown"),
        ("refunds", (("customer", "cus_1"),), "customer", "parameter_unknown"),
        ("charges", (("limit", "101"),), "limit", "parameter_invalid"),
        ("charges", (("limit", "0"),), "limit", "parameter_invalid"),
        ("charges", (("limit", "5"), ("limit", "6")), "limit", "parameter_invalid"),
        ("charges", (("created[gte]", "2026-10-01"),), "created[gte]", "parameter_invalid"),
        ("charges", (("created[from]", "1"),), "created[from]", "parameter_invalid"),
        ("charges", (("starting_after", "ch_none"),), "starting_after", "resource_missing"),
        ("charges", (("ending_before", "a"), ("starting_after", "b")), "starting_after", "parameter_invalid"),
        ("charges", (("expand[0]", "data.refunds"),), "expand", "parameter_invalid"),
        ("charges", (("expand[]", "payment_intent"),), "expand", "parameter_invalid"),
        ("checkout/sessions", (("expand[0]", "data.charge"),), "expand", "parameter_invalid"),
    ],
)
def test_what_the_api_does_not_know_is_refused(
    client: Client, path: str, query: tuple[tuple[str, str], ...], param: str, code: str
) -> None:
    refusal = client.refusal(path, *query)

    assert (refusal["status"], refusal["param"], refusal["code"]) == (400, param, code)
    assert refusal["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer rk_another_key_1234", "Basic cmtfc2FuZGJveDo=", "Bearer rk_sandbox_stripe_ke"],
)
def test_another_key_is_refused_and_shown_only_in_part(client: Client, header: str) -> None:
    refusal = client.refusal("charges", authorization=header)

    assert refusal["status"] == 401
    assert "another" not in str(refusal["message"])


def test_another_version_is_refused(client: Client) -> None:
    assert client.refusal("charges", stripe_version="2019-02-19")["status"] == 400


def test_the_key_may_only_read(client: Client) -> None:
    assert client.ask("charges", method="POST").status == 403
    assert client.ask("nonsense").status == 404


def test_most_keys_may_not_read_their_account_and_are_told_which_it_is(client: Client) -> None:
    refusal = client.refusal("account")

    assert refusal["status"] == 403
    assert "'acct_trailhead'" in str(refusal["message"])
    assert json.loads(client.ask("balance").body)["available"][0]["currency"] == "usd"


def test_a_key_that_may_is_told_the_account() -> None:
    fake = StripeFake(played(), tells_itself=True)

    told = json.loads(fake.answer(world.Request("GET", "/v1/account", {}, HEADERS)).body)

    assert (told["id"], told["settings"]["dashboard"]["timezone"]) == ("acct_trailhead", "UTC")


def test_once_it_is_too_much_and_once_it_fails() -> None:
    fake = StripeFake(played())

    asked = [fake.answer(world.Request("GET", "/v1/balance", {}, HEADERS)) for _ in range(30)]

    assert {place: one.status for place, one in enumerate(asked, 1) if one.status != 200} == {
        THROTTLED: 429,
        BROKEN: 500,
    }
    assert json.loads(asked[THROTTLED - 1].body)["error"]["code"] == "rate_limit"
    assert json.loads(asked[BROKEN - 1].body)["error"]["type"] == "api_error"


def test_all_that_is_no_sale_is_there_too(client: Client) -> None:
    days = (("created[gte]", str(at("2026-11-05T00:00"))), ("created[lt]", str(at("2026-11-10T00:00"))))

    charges = client.rows("charges", *ALL, *days)

    organic = [row for row in charges if not row["metadata"]]
    assert {row["status"] for row in organic} == {"succeeded", "failed", "pending"}
    assert any(row["paid"] and not row["captured"] for row in organic)
    assert any(0 < int(str(row["amount_captured"])) < int(str(row["amount"])) for row in organic)
    assert {row["currency"] for row in charges} == {"usd", "jpy", "kwd"}
    assert any("\r\n" in str(row["metadata"].get("utm_source")) for row in charges)  # type: ignore[attr-defined]
