import logging
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from itertools import count
from pathlib import Path

import pytest

from adtally import registry
from adtally.connector import Connector
from adtally.errors import ConfigError
from adtally.registry import build, build_all, connector_types, load_type
from adtally.settings import Settings

NUMBER = count()
SHOP = """
from pydantic import SecretStr, field_validator
from adtally import Connector

class Shop(Connector):
    name = "shop"
    base_url: str = "https://shop.example"
    token: SecretStr
    pages: int = 1
    regions: list[str] = []
    labels: dict[str, str] | None = None
    note: list[str] | str = ""

    @field_validator("token", mode="before")
    @classmethod
    def long_enough(cls, token):
        if token == "shorty":
            raise ValueError(f"{token} is too short")
        return token

    def accounts(self):
        return []

OTHER = 1
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A module of the user's beside the configuration file; each test has its own name for it."""
    name = f"own_{next(NUMBER)}"
    (tmp_path / f"{name}.py").write_text(SHOP)
    return name


@pytest.fixture
def configured(tmp_path: Path, own: str) -> Callable[[str], Settings]:
    """Settings with one connector ``shop`` of the user's own type and these further lines."""

    def load(lines: str = 'token = "s3cret"') -> Settings:
        (tmp_path / "config.toml").write_text(f'[connectors.shop]\nuse = "{own}:Shop"\n{lines}')
        return Settings.load(tmp_path / "config.toml")

    return load


def points(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Let exactly these entry points be installed."""
    found = EntryPoints(EntryPoint(name, value, registry.GROUP) for name, value in values.items())
    monkeypatch.setattr(registry, "entry_points", lambda group: found.select(group=group))


def test_installed_types_are_found_by_their_names() -> None:
    assert connector_types()["files"].name == "files"
    assert load_type("files", Path()) is connector_types()["files"]


def test_type_that_cannot_be_loaded_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    points(monkeypatch, broken="no_such_module:X", files="adtally_connectors.files:Files")

    with caplog.at_level(logging.WARNING):
        types = connector_types()

    assert list(types) == ["files"]
    assert caplog.messages == ["no_such_module:X: there is no module no_such_module"]


def test_two_packages_that_offer_one_name_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    both = EntryPoints(EntryPoint("files", value, registry.GROUP) for value in ("a:Files", "b:Files"))
    monkeypatch.setattr(registry, "entry_points", lambda group: both.select(group=group))

    with pytest.raises(ConfigError, match="two packages offer a connector files, a:Files and b:Files"):
        load_type("files", Path())


def test_import_path_is_found_beside_the_configuration(tmp_path: Path, own: str) -> None:
    kind = load_type(f"{own}:Shop", tmp_path)

    assert issubclass(kind, Connector)
    assert kind.name == "shop"


@pytest.mark.parametrize(
    ("use", "said"),
    [
        ("google_adz", "no connector type of this name is installed; did you mean google_ads?"),
        ("no_such_module:X", "no_such_module:X: there is no module no_such_module"),
        ("OWN:Shopp", "has no attribute 'Shopp'"),
        ("OWN:OTHER", "not a connector: a subclass of adtally.Connector is needed"),
    ],
)
def test_use_that_leads_to_no_connector_is_refused(tmp_path: Path, own: str, use: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_type(use.replace("OWN", own), tmp_path)

    assert said in str(caught.value)


def test_own_module_that_fails_says_how(tmp_path: Path) -> None:
    (tmp_path / "broken_ads.py").write_text("1 / 0")

    with pytest.raises(ConfigError, match=r"cannot be imported \(ZeroDivisionError: division by zero\)"):
        load_type("broken_ads:X", tmp_path)


def test_table_becomes_a_connector_ready_to_be_asked(
    configured: Callable[[str], Settings], tmp_path: Path
) -> None:
    settings = configured('token = "s3cret"\npages = 3\naccounts = ["12-3"]\ngrains = ["ad"]')

    found = build(settings, "shop")

    assert (found.name, found.accounts, found.grains) == ("shop", ("123",), ("campaign", "ad"))
    assert found.connector.model_dump(exclude={"token"})["pages"] == 3
    assert found.connector.folder == tmp_path
    assert found.connector.token_file is not None
    assert (found.connector.token_file.path, found.connector.token_file.connector) == (
        tmp_path / "tokens.json",
        "shop",
    )
    assert "s3cret" not in repr(found)


def test_text_of_the_environment_is_converted_by_the_connectors_own_types(
    configured: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, text in {
        "TOKEN": "0123",
        "PAGES": "7",
        "REGIONS": '["eu", "na"]',
        "LABELS": '{"a": "b"}',
        "NOTE": '["stays text"]',
    }.items():
        monkeypatch.setenv(f"ADTALLY_CONNECTORS__SHOP__{key}", text)

    fields = build(configured(""), "shop").connector.model_dump()

    assert fields["token"].get_secret_value() == "0123"
    assert (fields["pages"], fields["regions"], fields["labels"], fields["note"]) == (
        7,
        ["eu", "na"],
        {"a": "b"},
        '["stays text"]',
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            "",
            "[connectors.shop] token: is missing: set it there or as ADTALLY_CONNECTORS__SHOP__TOKEN",
        ),
        ('tokn = "s3cret"\ntoken = "t"', "[connectors.shop] tokn: unknown key; did you mean token?"),
        (
            'acounts = ["s3cret"]\ntoken = "t"',
            "[connectors.shop] acounts: unknown key; did you mean accounts?",
        ),
        ('token = "t"\npages = "s3cret"', "[connectors.shop] pages: Input should be a valid integer"),
        ('token = "shorty"', "[connectors.shop] token: ... is too short"),
        ('token = "t"\nregions = "s3cret"', "[connectors.shop] regions: Input should be a valid list"),
    ],
)
def test_mistake_in_a_connectors_table_is_named_and_no_value_shown(
    configured: Callable[[str], Settings], tmp_path: Path, lines: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        build(configured(lines), "shop")

    assert f"{tmp_path / 'config.toml'} {said}" in str(caught.value)
    assert not {"s3cret", "shorty"} & set(str(caught.value).split())
    assert caught.value.__suppress_context__


def test_mistake_in_the_environment_is_named_by_its_variable(
    configured: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADTALLY_CONNECTORS__SHOP__PAGES", "many")

    with pytest.raises(
        ConfigError, match=r"^ADTALLY_CONNECTORS__SHOP__PAGES: Input should be a valid integer"
    ):
        build(configured('token = "t"'), "shop")


def test_unknown_type_is_named_by_its_key(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[connectors.filez]")

    with pytest.raises(ConfigError, match=r"config\.toml \[connectors\.filez\] use: .* did you mean files\?"):
        build(Settings.load(tmp_path / "config.toml"), "filez")


def test_name_without_a_table_is_refused(configured: Callable[[str], Settings]) -> None:
    with pytest.raises(ConfigError, match=r"there is no \[connectors\.shpo\]; did you mean shop\?"):
        build_all(configured(""), ["shpo"])


def test_all_are_built_in_the_order_of_the_configuration(tmp_path: Path, own: str) -> None:
    tables = [f'[connectors.{name}]\nuse = "{own}:Shop"\ntoken = "t"' for name in ("zeta", "alpha")]
    (tmp_path / "config.toml").write_text("\n".join(tables))
    settings = Settings.load(tmp_path / "config.toml")

    assert [one.name for one in build_all(settings)] == ["zeta", "alpha"]
    assert [one.name for one in build_all(settings, ["alpha"])] == ["alpha"]


RESTATED = """
class Daily(Shop):
    @pulls(Delivery, restated_days=30, final_after={"cost": 3, "clicks": 3})
    def campaign_daily(self, unit): ...

    @pulls(Change, restated_days=2)
    def changes(self, unit): ...
"""


@pytest.mark.parametrize(
    ("lines", "restated_days", "final_after"),
    [
        ("", 30, (3, 3, 30)),
        ("restated_days = 7", 7, (3, 3, 30)),
        ("final_after = { cost = 1, conversions = 90 }", 90, (1, 3, 90)),
        ("restated_days = 60\nfinal_after = { conversions = 90 }", 60, (3, 3, 90)),
    ],
)
def test_user_says_how_long_metrics_are_restated(
    own: str,
    tmp_path: Path,
    lines: str,
    restated_days: int,
    final_after: tuple[int, int, int],
) -> None:
    module = tmp_path / f"{own}.py"
    module.write_text(
        SHOP.replace("import Connector", "import Change, Connector, Delivery, pulls") + RESTATED
    )
    (tmp_path / "config.toml").write_text(
        f'[connectors.shop]\nuse = "{own}:Daily"\ntoken = "s3cret"\n{lines}'
    )
    settings = Settings.load(tmp_path / "config.toml")

    daily, changes = build(settings, "shop").reports()

    assert (daily.restated_days, tuple(daily.final_after.values())) == (restated_days, final_after)
    assert changes.restated_days == 2
