from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from adtally import Account, ConfigError, ContractError, Delivery, Record, Report, TokenFile
from adtally.testing import unit
from adtally_connectors.files import Files

DAY = date(2026, 1, 31)
SPENT = {
    "day": "Date",
    "campaign_id": "Campaign",
    "impressions": "Impr",
    "clicks": "Clicks",
    "cost": "Spent",
}
HEADER = "Date,Campaign,Impr,Clicks,Spent"


def files(folder: Path, **changes: object) -> Files:
    """A connector for ``*.csv`` in ``folder``, delivery by campaign of one account, but for ``changes``."""
    table: dict[str, object] = {
        "path": "*.csv",
        "record": "delivery",
        "platform": "meta_ads",
        "account": "kag",
        "currency": "USD",
        "timezone": "UTC",
        "columns": SPENT,
    }
    table |= changes
    connector = Files.model_validate({key: value for key, value in table.items() if value is not None})
    connector.bind(folder=folder, token_file=TokenFile(folder / "tokens.json", "kag"))
    return connector


def write(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n", encoding=encoding)


def fetch(connector: Files, report: Report | None = None, account: str = "kag") -> list[Record]:
    """The records of one account in the one file, or in the report's."""
    [*reports] = [report] if report else connector.reports()
    who = Account(id=account, currency="USD", timezone="UTC")
    return [record for one in reports for record in connector.fetch(one, unit(DAY, DAY, account=who))]


def refusal(connector: Files) -> str:
    with pytest.raises(ContractError) as caught:
        fetch(connector)
    return str(caught.value)


def test_row_becomes_a_record_and_money_is_exact(tmp_path: Path) -> None:
    write(
        tmp_path,
        "kag.csv",
        HEADER,
        "31-01-2026,916,7350,1,1.429999948",
        '31-01-2026,"936, old",17861,,0',
        "30-01-2026,1178, 693 ,0,-.0000005",
    )

    assert fetch(files(tmp_path, day_format="%d-%m-%Y")) == [
        Delivery(
            day=DAY, campaign_id="916", currency="USD", impressions=7350, clicks=1, cost_micros=1_430_000
        ),
        Delivery(day=DAY, campaign_id="936, old", currency="USD", impressions=17861, cost_micros=0),
        Delivery(
            day=date(2026, 1, 30),
            campaign_id="1178",
            currency="USD",
            impressions=693,
            clicks=0,
            cost_micros=-1,
        ),
    ]


def test_float_noise_is_rounded_row_by_row(tmp_path: Path) -> None:
    spent = ["1.429999948", "1.820000023", "0.1499999985", "25.79000044", "1e-07", "5E-7"]
    write(tmp_path, "kag.csv", HEADER, *(f"2026-01-31,{n},1,1,{text}" for n, text in enumerate(spent)))

    costs = [record.cost_micros for record in fetch(files(tmp_path)) if isinstance(record, Delivery)]

    assert costs == [1_430_000, 1_820_000, 150_000, 25_790_000, 0, 1]


def test_each_file_is_a_report_of_its_own_called_by_its_relative_name(tmp_path: Path) -> None:
    write(tmp_path, "b/2.csv", HEADER, "2026-01-31,2,1,1,1")
    write(tmp_path, "a/1.csv", HEADER, "2026-01-31,1,1,1,1")
    write(tmp_path, "a/notes.txt", "not ours")
    (tmp_path / "folder.csv").mkdir()
    connector = files(tmp_path, path="**/*.csv", grain="campaign")

    reports = connector.reports()

    assert reports[0] == Report(
        name="delivery:a/1.csv",
        records=(Delivery,),
        cadence="file",
        grain="campaign",
        max_days=1,
        restated_days=0,
        final_after={"cost": 0, "clicks": 0, "conversions": 0},
        retention_days=None,
    )
    assert [
        (r.name, [x.campaign_id for x in fetch(connector, r) if isinstance(x, Delivery)]) for r in reports
    ] == [
        ("delivery:a/1.csv", ["1"]),
        ("delivery:b/2.csv", ["2"]),
    ]


def test_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "x/kag.csv", HEADER)
    connector = files(tmp_path / "elsewhere", path=str(tmp_path / "x/*.csv"))

    assert [report.name for report in connector.reports()] == [f"delivery:{tmp_path}/x/kag.csv"]


def test_path_that_matches_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"path: no file in .* matches 'kag\*\.csv'"):
        files(tmp_path, path="kag*.csv").reports()
    with pytest.raises(ConfigError, match="path: no file"):
        files(tmp_path, path="kag*.csv").check()


def test_declared_reports_are_one_for_each_kind_of_record() -> None:
    assert [(report.name, report.cadence) for report in Files.declared()] == [
        ("delivery", "file"),
        ("interactions", "file"),
        ("invoices", "file"),
        ("invoice_lines", "file"),
        ("evidence", "file"),
        ("orders", "file"),
        ("balances", "file"),
    ]


def test_configured_account_is_the_only_one(tmp_path: Path) -> None:
    write(tmp_path, "kag.csv", HEADER)
    connector = files(tmp_path, account="123-456-7890", timezone="Europe/Berlin")

    assert connector.check() == [Account(id="1234567890", currency="USD", timezone="Europe/Berlin")]
    assert connector.platform == "meta_ads"


def test_mapped_accounts_are_found_in_all_files_and_fetched_apart(tmp_path: Path) -> None:
    header = HEADER + ",Account,Money,Network"
    write(
        tmp_path,
        "1.csv",
        header,
        "2026-01-31,1,1,1,1,act_42,EUR,x_ads",
        "2026-01-31,2,1,1,1,shop-b,JPY,x_ads",
    )
    write(tmp_path, "2.csv", header, "2026-01-31,3,1,1,1,4-2,USD,x_ads")
    connector = files(
        tmp_path,
        platform=None,
        account=None,
        currency=None,
        columns=SPENT | {"platform": "Network", "account": "Account", "currency": "Money"},
    )

    rows = [row for row in fetch(connector, account="42") if isinstance(row, Delivery)]

    assert connector.platform == "x_ads"
    assert list(connector.accounts()) == [
        Account(id="42", currency="EUR", timezone="UTC"),
        Account(id="shop-b", currency="JPY", timezone="UTC"),
    ]
    assert [(row.campaign_id, row.currency) for row in rows] == [("1", "EUR"), ("3", "USD")]


def test_file_without_readable_accounts_fails_alone_unless_it_is_the_only_one(tmp_path: Path) -> None:
    connector = files(tmp_path, account=None, columns=SPENT | {"account": "Account"})
    write(tmp_path, "1.csv", HEADER, "2026-01-31,1,1,1,1")
    with pytest.raises(ContractError, match=r"1\.csv line 1: there is no column 'Account' for account"):
        connector.check()

    write(tmp_path, "2.csv", HEADER + ",Account", "2026-01-31,1,1,1,1,42")

    assert [account.id for account in connector.check()] == ["42"]


def test_bad_row_of_one_account_fails_the_file_for_all(tmp_path: Path) -> None:
    header = HEADER + ",Account"
    write(tmp_path, "1.csv", header, "2026-01-31,1,1,1,1,a", "2026-01-31,1,1,1,free,b")
    connector = files(tmp_path, account=None, columns=SPENT | {"account": "Account"})

    with pytest.raises(ContractError, match="line 3, column Spent: not an amount: 'free'"):
        fetch(connector, account="a")


def test_second_platform_in_one_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "1.csv", HEADER + ",Net", "2026-01-31,1,1,1,1,x_ads", "2026-01-31,1,1,1,1,meta_ads")

    said = refusal(files(tmp_path, platform=None, columns=SPENT | {"platform": "Net"}))

    assert said == "1.csv line 3: 'meta_ads' in a table of 'x_ads': split them"


def test_platform_is_told_by_the_first_file_that_can_be_read(tmp_path: Path) -> None:
    connector = files(tmp_path, platform=None, columns=SPENT | {"platform": "Net"})
    write(tmp_path, "1.csv", HEADER)
    with pytest.raises(ContractError, match="no row says the platform"):
        connector.check()

    write(tmp_path, "2.csv", HEADER + ",Net", "2026-01-31,1,1,1,1,x_ads")
    again = files(tmp_path, platform=None, columns=SPENT | {"platform": "Net"})

    assert [account.id for account in again.check()] == ["kag"]
    assert again.platform == "x_ads"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-01-31,1,1,1,abc", "column Spent: not an amount: 'abc'"),
        ("2026-01-31,1,1,1,1_0", "column Spent: not an amount: '1_0'"),
        ('2026-01-31,1,1,1,"1,5"', "column Spent: not an amount: '1,5'"),
        ("2026-01-31,1,1,1,NaN", "column Spent: not an amount: 'NaN'"),
        ("2026-01-31,1,1,1,1e30", "column Spent: amount beyond 64 bits: '1e30'"),
        ("2026-01-31,1,7350.0,1,1", "column Impr: not a whole number: '7350.0'"),
        ("2026-01-31,1,1 000,1,1", "column Impr: not a whole number: '1 000'"),
        ("2026-01-31,1,٣,1,1", "column Impr: not a whole number: '٣'"),
        ("31.01.2026,1,1,1,1", "column Date: not a day: '31.01.2026'; day_format is '%Y-%m-%d'"),
        ("2026-02-30,1,1,1,1", "column Date: not a day: '2026-02-30'"),
        (",1,1,1,1", "column Date: empty, but every row needs it"),
        ("2026-01-31, ,1,1,1", "column Campaign: empty, but every row needs it"),
        ("2026-01-31,1,1,1", "4 cells, but the header has 5"),
        ("2026-01-31,1,1,1,1,1", "6 cells, but the header has 5"),
        ("2026-01-31,1,1,1,1\0", "holds a NUL byte"),
        ('2026-01-31,1,1,1,"1"x', "not CSV: ',' expected after '\"'"),
        ('2026-01-31,1,1,1,"1', "not CSV: unexpected end of data"),
        ("2026-01-31,1,1,1,1\r2026-01-31,1,1,1,1", "not CSV: new-line character seen in unquoted field"),
        (f"2026-01-31,{'9' * 2**20},1,1,1", "longer than 1,048,576 bytes"),
        (f"2026-01-31,{'9' * 2**18},1,1,1", "not CSV: field larger than field limit"),
    ],
)
def test_bad_row_is_named_by_file_line_and_column(tmp_path: Path, row: str, said: str) -> None:
    write(tmp_path, "kag.csv", HEADER, "2026-01-30,1,1,1,1", row)

    found = refusal(files(tmp_path))

    assert found.startswith("kag.csv line 3")
    assert said in found
    assert len(found) < 150


def test_line_number_counts_lines_of_the_file_not_rows(tmp_path: Path) -> None:
    write(tmp_path, "kag.csv", HEADER, '2026-01-31,"a\nb",1,1,1', "", "2026-01-31,2,1,1,x")

    assert refusal(files(tmp_path)).startswith("kag.csv line 5, column Spent")


def test_byte_order_mark_and_windows_line_ends_are_tolerated(tmp_path: Path) -> None:
    text = f"{HEADER}\r\n2026-01-31,1,2,3,4\r\n"
    (tmp_path / "kag.csv").write_bytes(text.encode("utf-8-sig"))

    assert fetch(files(tmp_path)) == [
        Delivery(day=DAY, campaign_id="1", currency="USD", impressions=2, clicks=3, cost_micros=4_000_000)
    ]


def test_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kag.csv").write_bytes(f"{HEADER}\n2026-01-31,M\xfcnchen,1,1,1\n".encode("latin-1"))

    assert refusal(files(tmp_path)) == "kag.csv line 2: not UTF-8 text; save the file as CSV UTF-8"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace("Spent", "Spend"), "there is no column 'Spent' for cost; did you mean 'Spend'?"),
        (HEADER + ",Spent", "there are several columns 'Spent'"),
    ],
)
def test_header_without_a_mapped_column_is_refused(tmp_path: Path, header: str, said: str) -> None:
    write(tmp_path, "kag.csv", header)

    assert refusal(files(tmp_path)) == f"kag.csv line 1: {said}"


def test_empty_file_is_refused_but_a_header_alone_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "kag.csv").write_bytes(b"")
    assert refusal(files(tmp_path)) == "kag.csv: empty, without even a header line"

    write(tmp_path, "kag.csv", HEADER)
    assert fetch(files(tmp_path)) == []


def test_file_that_vanished_is_an_error_of_its_unit(tmp_path: Path) -> None:
    write(tmp_path, "kag.csv", HEADER)
    connector = files(tmp_path)
    [report] = connector.reports()
    (tmp_path / "kag.csv").unlink()

    with pytest.raises(ContractError, match=r"kag\.csv: cannot be read \(No such file or directory\)"):
        fetch(connector, report)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"columns": SPENT | {"costs": "Spent"}}, "there is no ledger column costs here; did you mean cost?"),
        (
            {"columns": SPENT | {"cost_micros": "Spent"}},
            "no ledger column cost_micros here; did you mean cost?",
        ),
        ({"columns": SPENT | {"account_id": "A"}}, "no ledger column account_id here; did you mean account?"),
        ({"columns": SPENT | {"ad_id": "Ad"}}, "there is no ledger column ad_id here"),
        ({"columns": {"day": "Date"}}, "no file column is given for campaign_id"),
        ({"grain": "ad"}, "no file column is given for ad_id"),
        ({"columns": None}, "no file column is given for day, campaign_id"),
        ({"account": None}, "account: say it either once, as account = ..., or by a column"),
        ({"columns": SPENT | {"currency": "C"}}, "currency: say it either once, as currency = ..., or by"),
        ({"currency": "EURO"}, "unknown currency code"),
        ({"timezone": "Mars/Base"}, "unknown time zone"),
        ({"timezone": None}, "Field required"),
        ({"day_format": "%d.%m."}, "does not tell day, month and year"),
        ({"record": "terms"}, "Input should be 'delivery'"),
        ({"grain": "keyword"}, "Input should be 'campaign'"),
        ({"delimiter": ";"}, "Extra inputs are not permitted"),
    ],
)
def test_mapping_that_cannot_be_meant_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        files(tmp_path, **changes)

    assert said in str(caught.value)


def test_rows_are_read_as_they_come(tmp_path: Path) -> None:
    write(tmp_path, "kag.csv", HEADER, "2026-01-31,1,1,1,1", "2026-01-31,2,1,1,x")
    connector = files(tmp_path)
    [report] = connector.reports()

    rows = connector.fetch(report, unit(DAY, DAY, account=Account(id="kag", currency="USD", timezone="UTC")))

    assert isinstance(next(rows), Delivery)
    with pytest.raises(ContractError):
        next(rows)
