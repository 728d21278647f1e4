import gzip
from pathlib import Path

import pytest
import requests

from adtally import world
from adtally.world import Reply, Request, World


@pytest.fixture(scope="module")
def built() -> World:
    return World.build(seed=7)


class Echo:
    """A stranger's fake: says what it was asked."""

    def __init__(self, played: World) -> None:
        self.world = played

    def answer(self, request: Request) -> Reply:
        said = {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "token": request.headers.get("x-token", ""),
            "body": request.body.decode(),
            "today": self.world.today,
        }
        return world.json_reply(said, status=201, headers={"X-Echo": "yes"})


class Large:
    def __init__(self, played: World) -> None:
        self.text = b"0123456789" * (100 + played.seed)

    def answer(self, _request: Request) -> Reply:
        return Reply(200, self.text)


def test_a_fake_gets_the_request_below_its_own_name(built: World) -> None:
    with world.serve(built, fakes={"echo": Echo}) as sandbox:
        answer = requests.post(
            f"{sandbox.url}/echo/v1/rows?from=2026-10-01&to=", data="hi", headers={"X-Token": "t"}, timeout=5
        )

    assert answer.status_code == 201
    assert answer.headers["X-Echo"] == "yes"
    assert answer.json() == {
        "method": "POST",
        "path": "/v1/rows",
        "query": {"from": "2026-10-01", "to": ""},
        "token": "t",
        "body": "hi",
        "today": "2026-11-10",
    }


def test_a_large_answer_is_gzipped_only_if_asked(built: World) -> None:
    with world.serve(built, fakes={"large": Large}) as sandbox:
        zipped = requests.get(f"{sandbox.url}/large/", stream=True, timeout=5)
        body = zipped.raw.read()
        plain = requests.get(f"{sandbox.url}/large/", headers={"Accept-Encoding": "identity"}, timeout=5)

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(body) == plain.content == b"0123456789" * 107


def test_a_connection_serves_more_than_one_request(built: World) -> None:
    with world.serve(built, fakes={"echo": Echo}) as sandbox, requests.Session() as session:
        answers = [session.get(f"{sandbox.url}/echo/{number}", timeout=5) for number in range(3)]

    assert [answer.json()["path"] for answer in answers] == ["/0", "/1", "/2"]
    assert "Connection" not in answers[-1].headers


def test_an_unknown_platform_is_told_which_ones_there_are(built: World) -> None:
    with world.serve(built, fakes={"echo": Echo, "large": Large}) as sandbox:
        answer = requests.get(f"{sandbox.url}/other/v1", timeout=5)

    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "no platform 'other' here, but: echo, large"},
    )


def test_the_truth_is_at_no_address(built: World, tmp_path: Path) -> None:
    with world.serve(built) as sandbox:
        answers = [requests.get(f"{sandbox.url}/{path}", timeout=5) for path in ("truth", "truth.json", "")]
        sandbox.write_config(tmp_path)

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    told = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert [planted.note for planted in built.truth if planted.note in told] == []


def test_the_bundled_fakes_are_found_by_entry_point() -> None:
    assert {"google_ads", "meta_ads", "tiktok_ads"} <= world.installed().keys()


def test_a_taken_port_is_an_error(built: World) -> None:
    with world.serve(built, fakes={}) as sandbox:
        port = int(sandbox.url.rpartition(":")[2])

        with pytest.raises(OSError, match="in use"), world.serve(built, port=port, fakes={}):
            pass
