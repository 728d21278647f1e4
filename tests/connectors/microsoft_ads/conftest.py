"""A Microsoft Advertising that answers only what a test arranged, and the way to ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import pytest
import responses

from adtally import Account, Unit, Window
from adtally_connectors.microsoft_ads import MicrosoftAds, queries

from .builders import (
    ACCOUNT_ID,
    BILLING,
    CAMPAIGNS,
    CUSTOMER_ID,
    CUSTOMERS,
    FILE,
    LOGIN,
    REPORTS,
    TRACKING,
    Json,
    campaign,
    csv_text,
    zipped,
)


class Api:
    """Arranged answers, in the order in which they are given out, and what was asked of them."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.mock = mock

    def signed_in(self, token: str = "at-1", **changes: object) -> None:
        told = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        self.mock.post(LOGIN, json=told | changes)

    def me(self) -> None:
        self.mock.post(f"{CUSTOMERS}/User/Query", json={"User": {"Id": "77"}, "CustomerRoles": []})

    def accounts(self, *rows: Json) -> None:
        self.mock.post(f"{CUSTOMERS}/Accounts/Search", json={"Accounts": list(rows)})

    def campaigns(self, *rows: Json | None) -> None:
        told = {"Campaigns": list(rows or (campaign(),))}
        self.mock.post(f"{CAMPAIGNS}/Campaigns/QueryByAccountId", json=told)

    def ad_groups(self, *rows: Json) -> None:
        self.mock.post(f"{CAMPAIGNS}/AdGroups/QueryByCampaignId", json={"AdGroups": list(rows)})

    def ads(self, *rows: Json) -> None:
        self.mock.post(f"{CAMPAIGNS}/Ads/QueryByAdGroupId", json={"Ads": list(rows)})

    def goals(self, *rows: Json | None) -> None:
        told = {"ConversionGoals": list(rows), "PartialErrors": []}
        self.mock.post(f"{CAMPAIGNS}/ConversionGoals/QueryByIds", json=told)

    def documents(self, *rows: Json) -> None:
        self.mock.post(f"{BILLING}/BillingDocumentsInfo/Query", json={"BillingDocumentsInfo": list(rows)})

    def orders(self, *rows: Json) -> None:
        self.mock.post(f"{BILLING}/InsertionOrders/Search", json={"InsertionOrders": list(rows)})

    def ordered(self, number: str = "70428694472") -> None:
        self.mock.post(f"{REPORTS}/Submit", json={"ReportRequestId": number})

    def looked_at(self, *states: str, url: str | None = FILE) -> None:
        for state in states:
            told = {"Status": state, "ReportDownloadUrl": url if state == "Success" else None}
            self.mock.post(f"{REPORTS}/Poll", json={"ReportRequestStatus": told})

    def file(self, text: str, url: str = FILE) -> None:
        self.mock.get(url, body=zipped(text), content_type="application/x-zip-compressed")

    def report(self, *rows: Sequence[str], level: queries.Level = queries.CAMPAIGN) -> None:
        """A report that is ready at the first look."""
        self.finished(csv_text(*rows, level=level))

    def finished(self, text: str) -> None:
        self.ordered()
        self.looked_at("Success")
        self.file(text)

    def refuse(
        self, code: int, url: str = f"{CAMPAIGNS}/Campaigns/QueryByAccountId", told: Json | None = None
    ) -> None:
        """A fault in the shape of the API's own errors, unless ``told`` says otherwise."""
        error = {"Code": code, "Detail": "", "ErrorCode": "Symbol", "Message": "told by Microsoft"}
        body = {"TrackingId": TRACKING, "Errors": [error], "Type": "AdApiFaultDetail", **(told or {})}
        self.mock.post(url, json=body, status=400)

    def asked_of(self, end: str) -> list[dict[str, object]]:
        """The bodies of the calls of a path that ends so."""
        calls = [call.request for call in self.mock.calls if str(call.request.url).endswith(end)]
        return [json.loads(call.body or "") for call in calls]

    def heads_of(self, end: str) -> list[dict[str, str]]:
        calls = [call.request for call in self.mock.calls if str(call.request.url).endswith(end)]
        return [dict(call.headers) for call in calls]


@pytest.fixture
def api() -> Iterator[Api]:
    with responses.RequestsMock() as mock:
        yield Api(mock)


def connector(**settings: object) -> MicrosoftAds:
    usual = {"client_id": "app", "refresh_token": "rt_hush", "developer_token": "dt_hush", "poll_seconds": 0}
    made = MicrosoftAds.model_validate({**usual, "requests_per_second": None, **settings})
    made.http.sleep = lambda _: None
    return made


@pytest.fixture
def microsoft(api: Api) -> MicrosoftAds:
    """It signs in once, as a public client."""
    api.signed_in()
    return connector()


@pytest.fixture
def october() -> Unit:
    """The first 30 days of October 2026 of an account in New York, asked on 15 December."""
    account = Account(
        id=ACCOUNT_ID,
        name="Shop US",
        currency="USD",
        timezone="America/New_York",
        manager_id=CUSTOMER_ID,
    )
    return Unit(account, Window(date(2026, 10, 1), date(2026, 10, 30)), date(2026, 12, 15))
