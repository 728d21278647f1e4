import json
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import msgspec
import pytest
from msgspec import Struct

from adtally import world
from adtally_connectors.google_ads.sandbox import GoogleAdsFake

MANAGER, SUB_MANAGER = "1000000000", "1000000001"
BERLIN, TOKYO, BAKERY, CLOSED, SISTER = "2000000101", "2000000104", "2000000105", "2000000106", "2000000107"
FORM = {
    "grant_type": "refresh_token",
    "client_id": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "refresh_token": "sandbox-refresh-token",
}


class Page(Struct, rename="camel"):
    field_mask: str
    results: list[dict[str, dict[str, object]]] = []
    next_page_token: str = ""
    total_results_count: str = ""


class Client:
    """Asks the fake without HTTP, with a token that will not expire."""

    def __init__(self, fake: GoogleAdsFake) -> None:
        self.fake = fake
        tokens = [self.token(**FORM) for _ in range(2)]
        self.headers = {
            "authorization": f"Bearer {json.loads(tokens[1].body)['access_token']}",
            "content-type": "application/json",
            "login-customer-id": MANAGER,
        }

    def token(self, **form: str) -> world.Reply:
        return self.fake.answer(world.Request("POST", "/token", body=urlencode(form).encode()))

    def ask(
        self,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> world.Reply:
        head = {name: value for name, value in (self.headers | dict(headers or {})).items() if value}
        method = "GET" if body is None else "POST"
        raw = b"" if body is None else msgspec.json.encode(body)
        return self.fake.answer(world.Request(method, path, query or {}, head, raw))

    def search(self, query: str, account: str = BERLIN, **body: object) -> Page:
        reply = self.ask(f"/v26/customers/{account}/googleAds:search", {"query": query, **body})
        assert reply.status == 200, reply.body
        return msgspec.json.decode(reply.body, type=Page)

    def refusal(self, query: str, account: str = BERLIN, **body: object) -> str:
        return code(self.ask(f"/v26/customers/{account}/googleAds:search", {"query": query, **body}))


def code(reply: world.Reply) -> str:
    document = json.loads(reply.body)
    error = document[0]["error"] if isinstance(document, list) else document["error"]
    assert error["code"] == reply.status
    ((kind, name),) = error["details"][0]["errors"][0]["errorCode"].items()
    return f"{reply.status} {kind}.{name}"


@pytest.fixture(scope="module")
def played() -> world.World:
    return world.World.build(seed=7)


@pytest.fixture
def client(played: world.World) -> Client:
    return Client(GoogleAdsFake(played))


IN_OCTOBER = "segments.date BETWEEN '2026-10-01' AND '2026-10-31'"


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("", "EXPECTED_SELECT"),
        ("FROM campaign", "EXPECTED_SELECT"),
        ("SELECT campaign.id FROM", "UNEXPECTED_END_OF_QUERY"),
        ("SELECT campaign.id", "EXPECTED_FROM"),
        ("SELECT campaign.id FROM campaigns", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT campaign.colour FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT campaign.start_date FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT metrics.video_views FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        ("SELECT metrics.clicks FROM billing_setup", "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE"),
        ("SELECT metrics.invalid_clicks FROM ad_group", "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE"),
        ("SELECT segments.date FROM account_budget", "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE"),
        ("SELECT segments.date, metrics.clicks FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        (
            f"SELECT segments.conversion_action, metrics.clicks FROM campaign WHERE {IN_OCTOBER}",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        (
            "SELECT campaign.id FROM campaign WHERE segments.ad_network_type = 'SEARCH'",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
        ("SELECT campaign.id FROM campaign WHERE segments.date = '2026-02-30'", "INVALID_DATE_FORMAT"),
        ("SELECT campaign.id FROM campaign WHERE segments.date = '20261001'", "INVALID_DATE_FORMAT"),
        (
            "SELECT campaign.id FROM campaign WHERE segments.month = '2026-10-02'",
            "MISALIGNED_DATE_FOR_FILTER",
        ),
        ("SELECT campaign.id FROM campaign WHERE campaign.status = 'ACTIVE'", "BAD_ENUM_CONSTANT"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id IN ()", "PROHIBITED_EMPTY_LIST_IN_CONDITION"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id IS 1", "BAD_OPERATOR"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name = 'Brand", "STRING_NOT_TERMINATED"),
        ("SELECT campaign.id FROM campaign ORDER BY campaign.name", "PROHIBITED_FIELD_IN_ORDER_BY_CLAUSE"),
        ("SELECT campaign.id FROM campaign LIMIT 0", "LIMIT_VALUE_TOO_LOW"),
        (
            "SELECT campaign.id FROM campaign WHERE segments.date DURING LAST_90_DAYS",
            "INVALID_VALUE_WITH_DURING_OPERATOR",
        ),
        ("SELECT campaign.id FROM campaign OR TRUE", "UNEXPECTED_INPUT"),
    ],
)
def test_a_bad_query_is_refused_as_the_api_refuses_it(client: Client, query: str, refused: str) -> None:
    assert client.refusal(query) == f"400 queryError.{refused}"


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ("LIMIT 10", "CHANGE_DATE_RANGE_INFINITE"),
        ("WHERE change_event.change_date_time >= '2026-10-20' LIMIT 10", "CHANGE_DATE_RANGE_INFINITE"),
        (
            "WHERE change_event.change_date_time BETWEEN '2026-10-01' AND '2026-10-20' LIMIT 10",
            "START_DATE_TOO_OLD",
        ),
        ("WHERE change_event.change_date_time BETWEEN '2026-10-12' AND '2026-10-20'", "LIMIT_NOT_SPECIFIED"),
        (
            "WHERE change_event.change_date_time BETWEEN '2026-10-12' AND '2026-10-20' LIMIT 10001",
            "INVALID_LIMIT_CLAUSE",
        ),
    ],
)
def test_changes_need_thirty_days_and_a_limit(client: Client, where: str, refused: str) -> None:
    query = f"SELECT change_event.change_date_time FROM change_event {where}"

    assert client.refusal(query) == f"400 changeEventError.{refused}"


def test_metrics_of_a_manager_are_refused(client: Client) -> None:
    assert (
        client.refusal("SELECT metrics.clicks FROM customer", MANAGER)
        == "400 queryError.REQUESTED_METRICS_FOR_MANAGER"
    )


def test_a_body_is_json_without_page_size_or_unknown_keys(client: Client) -> None:
    query, path = "SELECT campaign.id FROM campaign", f"/v26/customers/{BERLIN}/googleAds:search"
    plain = client.ask(path, {"query": query}, headers={"content-type": "text/plain"})

    assert client.refusal(query, pageSize=10) == "400 requestError.PAGE_SIZE_NOT_SUPPORTED"
    assert client.refusal(query, colour="red") == "400 requestError.UNKNOWN"
    assert client.refusal(query, pageToken="x") == "400 requestError.INVALID_PAGE_TOKEN"
    assert code(plain) == "400 requestError.UNKNOWN"


@pytest.mark.parametrize("version", ["v20", "v22", "v99"])
def test_a_version_that_is_not_alive_is_refused(client: Client, version: str) -> None:
    reply = client.ask(f"/{version}/customers:listAccessibleCustomers")

    assert code(reply) == "400 requestError.UNSUPPORTED_VERSION"


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        ("", "OAUTH_TOKEN_HEADER_INVALID"),
        ("sandbox-access-token-2", "OAUTH_TOKEN_HEADER_INVALID"),
        ("Bearer sandbox-access-token-9", "OAUTH_TOKEN_INVALID"),
        ("Bearer 2", "OAUTH_TOKEN_INVALID"),
    ],
)
def test_a_call_without_a_token_of_ours_is_refused(client: Client, header: str, refused: str) -> None:
    reply = client.ask("/v26/customers:listAccessibleCustomers", headers={"authorization": header})

    assert code(reply) == f"401 authenticationError.{refused}"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"refresh_token": "revoked"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "invalid_grant"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
    ],
)
def test_a_token_is_given_only_for_the_right_form(
    client: Client, changes: dict[str, str], status: int, error: str
) -> None:
    reply = client.token(**(FORM | changes))

    assert (reply.status, json.loads(reply.body)) == (status, {"error": error})


@pytest.mark.parametrize(
    ("account", "login", "refused"),
    [
        (BERLIN, "", "403 authorizationError.USER_PERMISSION_DENIED"),
        (BERLIN, BAKERY, "403 authorizationError.USER_PERMISSION_DENIED"),
        (BERLIN, SUB_MANAGER, "403 authorizationError.USER_PERMISSION_DENIED"),
        (BERLIN, "100-000-0000", "400 headerError.INVALID_LOGIN_CUSTOMER_ID"),
        (BAKERY, MANAGER, "403 authorizationError.USER_PERMISSION_DENIED"),
        (SISTER, MANAGER, "403 authorizationError.USER_PERMISSION_DENIED"),
        (CLOSED, MANAGER, "403 authorizationError.CUSTOMER_NOT_ENABLED"),
        ("2999999999", MANAGER, "401 authenticationError.CUSTOMER_NOT_FOUND"),
        ("200-000-0101", MANAGER, "400 requestError.INVALID_CUSTOMER_ID"),
    ],
)
def test_an_account_is_reached_only_the_right_way(
    client: Client, account: str, login: str, refused: str
) -> None:
    client.headers["login-customer-id"] = login

    assert client.refusal("SELECT customer.id FROM customer", account) == refused


def test_the_user_sees_the_manager_and_the_account_of_its_own(client: Client) -> None:
    reply = client.ask("/v26/customers:listAccessibleCustomers", headers={"login-customer-id": ""})

    assert json.loads(reply.body) == {"resourceNames": [f"customers/{MANAGER}", f"customers/{BAKERY}"]}


def test_a_manager_lists_its_clients_at_every_depth(client: Client) -> None:
    page = client.search(
        "SELECT customer_client.id, customer_client.level, customer_client.status FROM customer_client "
        "WHERE customer_client.manager = false ORDER BY customer_client.id",
        MANAGER,
    )

    rows = [row["customerClient"] for row in page.results]
    assert [(row["id"], row["level"], row["status"]) for row in rows] == [
        ("2000000101", "1", "ENABLED"),
        ("2000000102", "1", "ENABLED"),
        ("2000000103", "1", "ENABLED"),
        ("2000000104", "2", "ENABLED"),
        ("2000000106", "1", "CANCELED"),
        ("2000000107", "1", "ENABLED"),
        ("2000000108", "1", "ENABLED"),
    ]


def test_a_row_has_the_selected_fields_alone_in_the_types_of_the_wire(
    client: Client, played: world.World
) -> None:
    campaign = played.accounts[0].campaigns[0]
    number = campaign.campaign_id
    rows = [row for row in played.days[number] if row.day == date(2026, 10, 5)]

    page = client.search(
        "SELECT segments.date, campaign.id, campaign.target_cpa.target_cpa_micros, "
        "campaign_budget.explicitly_shared, metrics.clicks, metrics.conversions FROM campaign "
        f"WHERE segments.date = '2026-10-05' AND campaign.id = {number}"
    )

    here = f"customers/{BERLIN}"
    assert page.results == [
        {
            "campaign": {"resourceName": f"{here}/campaigns/{number}", "id": number},
            "campaignBudget": {
                "resourceName": f"{here}/campaignBudgets/{int(number) + 900}",
                "explicitlyShared": False,
            },
            "segments": {"date": "2026-10-05"},
            "metrics": {
                "clicks": str(sum(r.clicks for r in rows)),
                "conversions": sum(r.conversions_micros for r in rows) / 1_000_000,
            },
        }
    ]
    assert page.field_mask.startswith("segments.date,campaign.id,campaign.targetCpa.targetCpaMicros,")


def test_rows_of_zeros_go_with_a_segment_and_stay_without(client: Client) -> None:
    after = "campaign.name = 'Summer sale' AND segments.date BETWEEN '2026-11-01' AND '2026-11-03'"

    without = client.search(f"SELECT metrics.clicks FROM campaign WHERE {after}")
    segmented = client.search(f"SELECT segments.date, metrics.clicks FROM campaign WHERE {after}")

    assert [row["metrics"] for row in without.results] == [{"clicks": "0"}]
    assert segmented.results == []


def test_pages_follow_each_other_without_a_gap(client: Client) -> None:
    query = (
        f"SELECT segments.date, ad_group_ad.ad.id, metrics.impressions FROM ad_group_ad WHERE {IN_OCTOBER}"
    )

    page = client.search(query, searchSettings={"returnTotalResultsCount": True})
    sizes, seen = [len(page.results)], list(page.results)
    while token := page.next_page_token:
        page = client.search(query, pageToken=token)
        sizes.append(len(page.results))
        seen += page.results

    streamed = client.ask(f"/v26/customers/{BERLIN}/googleAds:searchStream", {"query": query})
    chunks = json.loads(streamed.body)
    assert sizes[:-1] == [100] * (len(sizes) - 1)
    assert len(sizes) > 1
    assert [row for chunk in chunks for row in chunk["results"]] == seen


def test_a_refused_stream_is_an_array_of_one(client: Client) -> None:
    path = f"/v26/customers/{BERLIN}/googleAds:searchStream"

    reply = client.ask(path, {"query": "SELECT x.y FROM campaign"})

    assert len(json.loads(reply.body)) == 1
    assert code(reply) == "400 queryError.UNRECOGNIZED_FIELD"


def test_months_add_up_to_the_days_and_networks_split_them(client: Client) -> None:
    months = client.search(
        "SELECT segments.month, segments.ad_network_type, metrics.cost_micros FROM customer "
        "WHERE segments.date BETWEEN '2026-09-01' AND '2026-10-31'"
    )
    days = client.search(f"SELECT segments.date, metrics.cost_micros FROM customer WHERE {IN_OCTOBER}")

    def cost(page: Page, **segments: str) -> int:
        return sum(
            int(str(row["metrics"]["costMicros"]))
            for row in page.results
            if segments.items() <= row["segments"].items()
        )

    assert cost(days) == cost(months, month="2026-10-01") > 0
    assert {row["segments"]["adNetworkType"] for row in months.results} == {"SEARCH", "CONTENT", "MIXED"}


def test_conversion_actions_split_all_conversions(client: Client) -> None:
    where = f"campaign.name = 'Brand search' AND {IN_OCTOBER}"
    by_action = client.search(
        "SELECT segments.conversion_action_category, metrics.conversions, metrics.all_conversions "
        f"FROM campaign WHERE {where}"
    )
    whole = client.search(f"SELECT metrics.conversions, metrics.all_conversions FROM campaign WHERE {where}")

    rows = {str(row["segments"]["conversionActionCategory"]): row["metrics"] for row in by_action.results}
    (expected,) = [row["metrics"] for row in whole.results]
    assert rows["PURCHASE"] == {
        "conversions": expected["conversions"],
        "allConversions": expected["conversions"],
    }
    assert rows["SIGNUP"]["conversions"] == 0.0
    assert rows.keys() == {"PURCHASE", "SIGNUP"}


def bills(client: Client, **changes: str) -> world.Reply:
    query = {
        "billingSetup": f"customers/{TOKYO}/billingSetups/7104",
        "issueYear": "2026",
        "issueMonth": "OCTOBER",
    }
    asked = {name: value for name, value in (query | changes).items() if value}
    return client.ask(f"/v26/customers/{TOKYO}/invoices", query=asked)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"issueMonth": "10"}, "requestError.INVALID_INPUT"),
        ({"issueMonth": ""}, "requestError.REQUIRED_FIELD_MISSING"),
        ({"issueYear": "2018"}, "invoiceError.YEAR_MONTH_TOO_OLD"),
        ({"billingSetup": f"customers/{BERLIN}/billingSetups/7101"}, "requestError.RESOURCE_NAME_MALFORMED"),
        ({"pageSize": "10"}, "requestError.UNKNOWN"),
    ],
)
def test_invoices_are_asked_for_with_all_parameters(
    client: Client, changes: dict[str, str], refused: str
) -> None:
    assert code(bills(client, **changes)) == f"400 {refused}"


def test_an_invoice_names_its_campaigns_only_on_request(client: Client, played: world.World) -> None:
    plain = json.loads(bills(client).body)["invoices"]
    granular = json.loads(bills(client, includeGranularLevelInvoiceDetails="true").body)["invoices"]

    (bill,) = [b for b in played.bills if b.billed_to == "hoshino" and b.issue_day.month == 10]
    assert [invoice["totalAmountMicros"] for invoice in plain] == [str(bill.total_micros)]
    assert "campaignSummaries" not in plain[0]["accountBudgetSummaries"][0]
    (summary,) = granular[0]["accountBudgetSummaries"]
    assert [row["campaignDescription"] for row in summary["campaignSummaries"]] == [
        line.campaign_name for line in bill.lines if line.campaign_name
    ]


def test_trouble_comes_once_each(played: world.World) -> None:
    client = Client(GoogleAdsFake(played))
    first = {"authorization": "Bearer sandbox-access-token-1"}

    replies = [client.ask("/v26/customers:listAccessibleCustomers", headers=first) for _ in range(30)]
    renewed = [client.ask("/v26/customers:listAccessibleCustomers") for _ in range(30)]

    assert [code(reply) for reply in replies if reply.status in (429, 500)] == [
        "429 quotaError.RESOURCE_TEMPORARILY_EXHAUSTED",
        "500 internalError.INTERNAL_ERROR",
    ]
    assert {code(reply) for reply in replies[25:]} == {"401 authenticationError.OAUTH_TOKEN_EXPIRED"}
    assert {reply.status for reply in renewed} == {200}
