import hmac
import json
import re
import stat
import threading
from base64 import b64encode
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

import jwt
import pytest
import requests
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr
from responses import RequestsMock

from adtally.auth import header_auth, oauth1
from adtally.errors import AuthError, ConfigError, ContractError
from adtally.http import Http
from adtally.oauth2 import (
    OAuth2,
    Token,
    oauth2_client_credentials,
    oauth2_refresh,
    oauth2_service_account,
    signed_jwt,
)
from adtally.tokens import TokenFile

TOKENS = "https://login.example/token"
API = "https://api.example"


def refreshing(refresh_token: str = "r0", token_file: TokenFile | None = None) -> Http:
    """A client of API whose access tokens come from TOKENS."""
    http = Http(
        API,
        own_hosts=("login.example",),
        auth=lambda: oauth2_refresh(
            http,
            TOKENS,
            client_id="client",
            client_secret=SecretStr("hush"),
            refresh_token=SecretStr(refresh_token),
            token_file=token_file,
        ),
    )
    return http


def form(platform: RequestsMock, call: int) -> dict[str, str]:
    body = platform.calls[call].request.body
    return {name: values[0] for name, values in parse_qs(str(body)).items()}


def signed(auth: OAuth2) -> str:
    request = requests.Request("GET", API).prepare()
    return str(auth(request).headers["Authorization"])


def test_header_carries_prefix_and_secret() -> None:
    auth = header_auth("X-Key", SecretStr("s3cret"), prefix="Key ")

    request = auth(requests.Request("GET", API).prepare())

    assert request.headers["X-Key"] == "Key s3cret"
    assert auth.renew() is False


def test_access_token_is_fetched_once_and_used_until_it_expires() -> None:
    clock, issued = [0.0], iter(["a1", "a2"])
    auth = OAuth2(lambda: Token(access_token=next(issued), expires_in=3600), now=lambda: clock[0])

    first = signed(auth)
    clock[0] = 3539
    same = signed(auth)
    clock[0] = 3541
    renewed = signed(auth)

    assert [first, same, renewed] == ["Bearer a1", "Bearer a1", "Bearer a2"]


def test_many_threads_that_find_the_token_expired_renew_it_once() -> None:
    issued: list[str] = []

    def fetch() -> Token:
        issued.append(f"a{len(issued)}")
        return Token(access_token=issued[-1])

    auth, together = OAuth2(fetch), threading.Barrier(8)

    def work() -> None:
        signed(auth)
        together.wait(5)
        auth.renew()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert issued == ["a0", "a1"]
    assert signed(auth) == "Bearer a1"


def test_refresh_token_is_exchanged_for_an_access_token(api: RequestsMock) -> None:
    api.post(TOKENS, json={"access_token": "a1", "expires_in": 3600})
    api.get(f"{API}/me", json="ok")

    assert refreshing().get("/me", decode=str) == "ok"
    assert form(api, 0) == {
        "grant_type": "refresh_token",
        "client_id": "client",
        "client_secret": "hush",
        "refresh_token": "r0",
    }
    assert "Authorization" not in api.calls[0].request.headers
    assert api.calls[1].request.headers["Authorization"] == "Bearer a1"


def test_refused_token_is_renewed_once_and_the_call_repeated(api: RequestsMock) -> None:
    api.post(TOKENS, json={"access_token": "a1"})
    api.get(f"{API}/me", status=401)
    api.post(TOKENS, json={"access_token": "a2"})
    api.get(f"{API}/me", json="ok")

    assert refreshing().get("/me", decode=str) == "ok"
    assert api.calls[3].request.headers["Authorization"] == "Bearer a2"


def test_token_refused_twice_is_an_error_to_act_on(api: RequestsMock) -> None:
    api.post(TOKENS, json={"access_token": "a1"})
    api.get(f"{API}/me", status=401)

    with pytest.raises(AuthError, match="not accepted"):
        refreshing().get("/me", decode=str)
    assert len(api.calls) == 4


@pytest.mark.parametrize(("status", "said"), [(400, "sign in again"), (401, "check client_id")])
def test_refused_refresh_says_what_to_renew_without_showing_it(
    api: RequestsMock, status: int, said: str
) -> None:
    api.post(TOKENS, status=status, json={"error": "invalid_grant", "refresh_token": "r0"})

    with pytest.raises(AuthError, match=said) as caught:
        refreshing().get("/me", decode=str)

    assert not {"r0", "hush"} & set(str(caught.value).split())


def test_rotated_token_is_kept_and_used_by_the_next_run(api: RequestsMock, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    api.post(TOKENS, json={"access_token": "a1", "refresh_token": "r1"})
    api.get(f"{API}/me", json="ok")
    refreshing(token_file=TokenFile(file, "google")).get("/me", decode=str)

    refreshing(token_file=TokenFile(file, "google")).get("/me", decode=str)

    assert form(api, 2)["refresh_token"] == "r1"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(json.loads(file.read_text()).values()) == ["r1"]
    assert "r0" not in file.read_text()
    assert [found.name for found in tmp_path.iterdir()] == ["tokens.json"]


def test_changed_configured_token_wins_over_the_kept_one(tmp_path: Path) -> None:
    tokens = TokenFile(tmp_path / "tokens.json", "google")
    tokens.write("r0", "r1")

    assert [tokens.read("r0"), tokens.read("new")] == ["r1", "new"]


def test_each_connector_keeps_its_own_token(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    TokenFile(file, "google_eu").write("r0", "r1")
    TokenFile(file, "google_us").write("r0", "r2")

    assert [TokenFile(file, name).read("r0") for name in ("google_eu", "google_us")] == ["r1", "r2"]


def test_damaged_token_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text("{")

    with pytest.raises(ConfigError, match=r"tokens\.json: not a token file"):
        TokenFile(file, "google").read("r0")


def test_token_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be kept") as caught:
        TokenFile(tmp_path / "gone" / "tokens.json", "google").write("r0", "r1")

    assert "r1" not in str(caught.value)


@pytest.mark.parametrize("as_path", [False, True])
def test_service_account_signs_a_claim_for_its_scope(
    api: RequestsMock, tmp_path: Path, as_path: bool
) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    text = json.dumps({"client_email": "robot@example", "private_key": pem})
    (tmp_path / "key.json").write_text(text)
    key = SecretStr(str(tmp_path / "key.json") if as_path else text)
    api.post(TOKENS, json={"access_token": "a1"})

    auth = oauth2_service_account(Http(API), TOKENS, key=key, scope="ads.read", extra="google_ads")
    request = auth(requests.Request("GET", API).prepare())

    claims = jwt.decode(
        form(api, 0)["assertion"], private.public_key(), algorithms=["RS256"], audience=TOKENS
    )
    assert (claims["iss"], claims["scope"]) == ("robot@example", "ads.read")
    assert request.headers["Authorization"] == "Bearer a1"


@pytest.mark.parametrize("text", ["{}", '{"client_email": 1', "missing.json", "[]"])
def test_key_that_is_no_service_account_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ConfigError, match="service_account") as caught:
        oauth2_service_account(Http(API), TOKENS, key=SecretStr(text), scope="ads.read", extra="google_ads")

    assert text not in str(caught.value)


def test_token_request_is_never_redirected_to_another_host(api: RequestsMock) -> None:
    api.add(responses.POST, TOKENS, status=307, headers={"Location": "https://evil.example/token"})

    with pytest.raises(ContractError, match="redirects credentials"):
        refreshing().get("/me", decode=str)
    assert len(api.calls) == 1


def test_client_may_name_itself_by_http_basic(api: RequestsMock) -> None:
    http = Http(
        API,
        auth=lambda: oauth2_refresh(
            http,
            TOKENS,
            client_id="client",
            client_secret=SecretStr("hush"),
            refresh_token=SecretStr("r0"),
            basic=True,
        ),
    )
    api.post(TOKENS, json={"access_token": "a1"})
    api.get(f"{API}/me", json="ok")

    http.get("/me", decode=str)

    assert form(api, 0) == {"grant_type": "refresh_token", "refresh_token": "r0"}
    assert api.calls[0].request.headers["Authorization"] == "Basic Y2xpZW50Omh1c2g="


def test_refusal_with_status_200_is_an_error_to_act_on(api: RequestsMock) -> None:
    api.post(TOKENS, json={"error": "invalid_grant"})

    with pytest.raises(AuthError, match="sign in again") as caught:
        refreshing().get("/me", decode=str)
    assert caught.value.code == "invalid_grant"


def test_client_credentials_ask_with_a_fresh_secret_each_time(api: RequestsMock) -> None:
    secrets = iter(["s1", "s2"])
    http = Http(
        API,
        auth=lambda: oauth2_client_credentials(
            http, TOKENS, client_id="client", client_secret=lambda: next(secrets), scope="reports"
        ),
    )
    for token in ("a1", "a2"):
        api.post(TOKENS, json={"access_token": token})
    api.get(f"{API}/me", status=401)
    api.get(f"{API}/me", json="ok")

    http.get("/me", decode=str)

    asked = [form(api, call) for call in (0, 2)]
    assert [one["client_secret"] for one in asked] == ["s1", "s2"]
    assert {one["grant_type"] for one in asked} == {"client_credentials"}
    assert {one["scope"] for one in asked} == {"reports"}


def test_jwt_is_signed_by_the_key_of_a_file_too(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    file = tmp_path / "key.pem"
    file.write_text(pem)

    for given in (pem, str(file)):
        made = signed_jwt(
            SecretStr(given), {"iss": "team"}, algorithm="ES256", extra="apple_ads", headers={"kid": "k1"}
        )
        assert jwt.decode(made, key.public_key(), algorithms=["ES256"]) == {"iss": "team"}
        assert jwt.get_unverified_header(made)["kid"] == "k1"


@pytest.mark.parametrize("key", ["nowhere.pem", "-----BEGIN PRIVATE KEY-----\nnonsense"])
def test_unusable_key_is_an_error_that_does_not_quote_it(key: str) -> None:
    with pytest.raises(ConfigError, match="private key") as caught:
        signed_jwt(SecretStr(key), {}, algorithm="ES256", extra="apple_ads")
    assert key not in str(caught.value)


def test_oauth1_signs_the_request_just_as_it_is_sent(api: RequestsMock) -> None:
    http = Http(
        API,
        auth=lambda: oauth1(
            consumer_key="key",
            consumer_secret=SecretStr("hush"),
            access_token=SecretStr("token"),
            token_secret=SecretStr("quiet"),
        ),
    )
    api.get(f"{API}/stats", json="ok")

    http.get("/stats", params={"entity_ids": "a,b", "start_time": "2026-11-01T07:00:00Z"}, decode=str)

    sent = api.calls[0].request
    given = dict(re.findall(r'(\w+)="([^"]*)"', sent.headers["Authorization"]))
    signature = unquote(given.pop("oauth_signature"))
    pairs = {**given, "entity_ids": "a%2Cb", "start_time": "2026-11-01T07%3A00%3A00Z"}
    text = "&".join(f"{name}={value}" for name, value in sorted(pairs.items()))
    base = "&".join(quote(part, safe="") for part in ("GET", f"{API}/stats", text))
    digest = hmac.digest(b"hush&quiet", base.encode(), "sha1")
    assert signature == b64encode(digest).decode()
    assert given["oauth_signature_method"] == "HMAC-SHA1"
