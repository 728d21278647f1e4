"""Secrets are taken out, however they are spelled, and everything else stays as it was."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from adtally.connector import Connector
from adtally.redaction import SHORT, Redactor, secrets_of

ODD = 'p@ss/w+rd"\\ü&=\n1234'

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in UTF-8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON with its slashes escaped": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "JSON that is safe in HTML": lambda text: (
        json.dumps(text)[1:-1].replace("&", "\\u0026").replace("=", "\\u003D").replace("+", "\\u002b")
    ),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "a URL": lambda text: quote(text, safe=""),
    "a URL in lower case": lambda text: "".join(
        c if c.isascii() and c.isalnum() else quote(c, safe="").lower() for c in text
    ),
    "a form": quote_plus,
    "a URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
}
BASE64: dict[str, Callable[[bytes], bytes]] = {"base64": b64encode, "base64 for URLs": urlsafe_b64encode}


def cleaned(text: str, *secrets: str) -> str:
    return Redactor(secrets).clean(text.encode()).decode()


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_secret_is_replaced_in_every_spelling(spelling: str) -> None:
    text = SPELLINGS[spelling](ODD)

    assert cleaned(f'{{"a": "{text}", "b": "{text}."}}', ODD) == '{"a": "[removed]", "b": "[removed]."}'


@settings(deadline=None)
@given(
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=SHORT),
    spelling=st.sampled_from(list(SPELLINGS)),
)
def test_no_spelling_of_any_secret_is_left(secret: str, spelling: str) -> None:
    text = SPELLINGS[spelling](secret)

    assert cleaned(f"<{text}>", secret) == "<[removed]>"


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("encoding", BASE64)
@pytest.mark.parametrize("secret", [ODD, "s3cret-t0ken??>>"])
def test_secret_inside_of_base64_is_replaced_wherever_it_begins(
    secret: str, encoding: str, before: int
) -> None:
    text = BASE64[encoding](b"name"[:before] + secret.encode() + b":more").decode()

    head, _, tail = cleaned(f"Basic {text}", secret).partition("[removed]")

    shared, padding = 1, 2
    assert len(head) <= len("Basic ") + before * 8 // 6 + shared
    assert len(tail) <= shared + len(":more") * 8 // 6 + shared + padding


def test_long_secret_goes_before_the_short_one_that_is_part_of_it() -> None:
    assert cleaned("a=abcdefgh-ijkl b=abcdefgh", "abcdefgh", "abcdefgh-ijkl") == "a=[removed] b=[removed]"


def test_short_secret_is_taken_out_only_where_it_stands_alone() -> None:
    text = '{"token": "tok", "stock": "tokyo", "url": "%3Dtok%26", "basic": "dG9r"}'

    assert cleaned(text, "tok") == (
        '{"token": "[removed]", "stock": "tokyo", "url": "%3D[removed]%26", "basic": "[removed]"}'
    )


def test_token_that_comes_later_is_taken_out_from_then_on() -> None:
    redactor = Redactor(["first-secret"])
    before = redactor.clean(b"second-secret")
    redactor.tokens.add("second-secret")

    after = redactor.clean(b"first-secret, second-secret")

    assert (before, after) == (b"second-secret", b"[removed], [removed]")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            r'{"next":"https:\/\/g.example\/x?access_token=EA\/Bc|1&limit=5","n":1}',
            r'{"next":"https:\/\/g.example\/x?access_token=[removed]&limit=5","n":1}',
        ),
        (
            r'{"u":"https://a.example/b?x=1\u0026sig=ab%2Fc\u003d\u003d\u0026y=2"}',
            r'{"u":"https://a.example/b?x=1\u0026sig=[removed]\u0026y=2"}',
        ),
        (
            "https://a.example/?u=https%3A%2F%2Fb.example%3Ftoken%3Dabc%26z%3D1&key=9",
            "https://a.example/?u=https%3A%2F%2Fb.example%3Ftoken%3D[removed]%26z%3D1&key=[removed]",
        ),
        (
            "https://s3.example/f?X-Amz-Signature=0a&x-amz-security-token=b%2F&X-Goog-Credential=c&part=4",
            "https://s3.example/f?X-Amz-Signature=[removed]&x-amz-security-token=[removed]"
            "&X-Goog-Credential=[removed]&part=4",
        ),
        (
            "day,url,clicks\n1,https://a.example?signature=ab,7\n",
            "day,url,clicks\n1,https://a.example?signature=[removed],7\n",
        ),
        ("<a href='?appsecret_proof=ab'>", "<a href='?appsecret_proof=[removed]'>"),
        ('{"access_token" : "ab", "page": 2}', '{"access_token" : "[removed]", "page": 2}'),
        (
            r'{"text": "{\"refresh_token\":\"ab\",\"n\":1}"}',
            r'{"text": "{\"refresh_token\":\"[removed]\",\"n\":1}"}',
        ),
    ],
)
def test_value_of_a_credential_is_taken_out_by_its_name(text: str, left: str) -> None:
    assert cleaned(text) == left


def test_form_may_begin_with_a_credential() -> None:
    form = b"client_secret=ab&grant_type=refresh_token&refresh_token=cd"

    assert Redactor([]).clean_form(form) == (
        b"client_secret=[removed]&grant_type=refresh_token&refresh_token=[removed]"
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"key": "campaign", "token": "t", "signature": null, "keyword": "token=best"}',
        "https://shop.example/?utm_campaign=a&monkey=b&key_id=c",
        "day,key,cost\n2026-10-08,sig,1.50\n",
    ],
)
def test_what_only_looks_like_a_credential_stays(text: str) -> None:
    assert cleaned(text, "s3cret-t0ken") == text


def test_bytes_that_are_no_text_stay() -> None:
    data = bytes(range(256)) * 3

    assert Redactor(["s3cret-t0ken"]).clean(data) == data


class Login(BaseModel):
    user: str = "me"
    password: SecretStr = SecretStr("in-a-model")


class Deep(Connector):
    name: ClassVar[str] = "deep"
    base_url: str = "https://deep.example"
    account_id: str = "plain"
    token: SecretStr = SecretStr(" at-the-top\n")
    empty: SecretStr = SecretStr("")
    raw: SecretBytes = SecretBytes(b"of-bytes")
    login: Login = Login()
    apps: tuple[dict[str, SecretStr], ...] = ({"a": SecretStr("in-a-list")},)
    whole: Secret[dict[str, str]] = Secret({"key": "in-a-table"})


def test_every_secret_of_the_settings_is_found_however_deep() -> None:
    assert sorted(secrets_of(Deep())) == ["at-the-top", "in-a-list", "in-a-model", "in-a-table", "of-bytes"]
