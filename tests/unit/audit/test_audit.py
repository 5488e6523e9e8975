"""What the command prints for the shapes that reports really have."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from orchestrator.audit import report as reports
from orchestrator.audit import source
from orchestrator.audit.unusable_report import UnusableReport
from orchestrator.cli import app

HEAD = "Campaign name,Ad set name,Ad name,Impressions,Link clicks,Amount spent (USD),Results"
TODAY = date(2026, 11, 30)

Audit = Callable[..., dict[str, Any]]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "report.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def audit(file: Callable[..., Path]) -> Audit:
    def run(content: str | bytes, *options: str, name: str = "report.csv") -> dict[str, Any]:
        result = CliRunner().invoke(app, ["audit", str(file(content, name)), "--json", *options])
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)  # type: ignore[no-any-return]

    return run


@pytest.fixture
def refusal(file: Callable[..., Path]) -> Callable[..., str]:
    def run(content: str | bytes, *options: str, name: str = "report.csv") -> str:
        result = CliRunner().invoke(app, ["audit", str(file(content, name)), "--json", *options])
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.count("\n") == 1
        return result.stderr.strip()

    return run


def facts(found: dict[str, Any]) -> list[tuple[str, int, int, str]]:
    return [(a["ad_set"], a["spend_minor"], a["events"], a["verdict"]) for a in found["ad_sets"]]


DAILY = [
    f"2026-11-{day},Alpha,{ad_set},Pic,5000,60,40.00,{events}"
    for day in range(15, 23)
    for ad_set, events in (
        ("Broad", 12 if day == 15 else 0),
        ("Narrow", 1 if day == 15 else 20),
        ("Other", 2),
    )
]


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_rows_by_day_add_up_whatever_their_order(audit: Audit, order: int):
    found = audit("\n".join([f"Day,{HEAD}", *DAILY[::order]]))

    assert facts(found) == [
        ("Narrow", 32000, 141, "winner"),
        ("Other", 32000, 16, "keep"),
        ("Broad", 32000, 12, "keep"),
    ]
    assert found["period"] == {"from": "2026-11-15", "to": "2026-11-22", "assumed": False}
    assert found["totals"] == {"spend_minor": 96000, "impressions": 120000, "events": 169}
    assert found["rows"] == 24


@pytest.mark.parametrize(
    ("breakdown", "one", "other"),
    [
        ("Age", "18-24", "25-34"),
        ("Placement", "Feed", "Reels"),
        ("Time of day (ad account time zone)", "00:00:00 - 00:59:59", "01:00:00 - 01:59:59"),
    ],
)
def test_a_breakdown_adds_up(audit: Audit, breakdown: str, one: str, other: str):
    rows = [f"Day,{breakdown},{HEAD}"]
    rows += [f"2026-11-20,{one},A,Broad,Pic,1000,9,10.00,2", f"2026-11-20,{other},A,Broad,Pic,2000,9,10.00,3"]
    found = audit("\n".join(rows))

    assert facts(found) == [("Broad", 2000, 5, "keep")]
    assert (found["rows"], found["totals"]["impressions"]) == (2, 3000)


def test_ids_tell_ad_sets_of_one_name_apart(audit: Audit):
    head = (
        "Campaign name,Campaign ID,Ad set name,Ad set ID,Ad name,Ad ID,Impressions,Amount spent (USD),Results"
    )
    rows = ["Alpha,1,Broad,51,Pic,91,12345,100.00,31", "Alpha,1,Broad,52,Pic,92,8000,200.00,2"]
    found = audit("\n".join([head, *rows]))
    assert [(a["ad_set"], a["ad_set_id"], a["spend_minor"]) for a in found["ad_sets"]] == [
        ("Broad", "51", 10000),
        ("Broad", "52", 20000),
    ]


@pytest.mark.parametrize(
    ("spend", "rest", "minor", "impressions"),
    [
        pytest.param('"1,250.50"', '"112,345"', 125050, 112345, id="thousands with commas"),
        pytest.param('"1.250,50"', "112.345", 125050, 112345, id="thousands with points"),
        pytest.param('"98,70"', "9100", 9870, 9100, id="a decimal comma"),
        pytest.param("98.7", "9100", 9870, 9100, id="one decimal"),
        pytest.param("1'250.50", "9'100", 125050, 9100, id="apostrophes"),
        pytest.param("1\u202f250.50", "9\u00a0100", 125050, 9100, id="narrow spaces"),
        pytest.param("$1250.50", "9100", 125050, 9100, id="a sign"),
        pytest.param("1250.50 USD", "9100", 125050, 9100, id="a code behind"),
        pytest.param("1250", "1.234.567", 125000, 1234567, id="two points"),
        pytest.param("0", "9100", 0, 9100, id="nothing spent"),
    ],
)
def test_separators_are_decided_once_for_the_file(
    audit: Audit, spend: str, rest: str, minor: int, impressions: int
):
    found = audit(f"{HEAD}\nAlpha,Broad,Pic,{rest},5,{spend},31")
    assert found["totals"] == {"spend_minor": minor, "impressions": impressions, "events": 31}


def test_three_digits_behind_a_sign_are_thousands_in_yen(audit: Audit):
    found = audit(f"{HEAD.replace('USD', 'JPY')}\nAlpha,Broad,Pic,9100,5,12.345,31")
    assert (found["currency"], found["totals"]["spend_minor"]) == ("JPY", 12345)


def test_two_decimal_signs_in_one_file_are_refused(refusal: Callable[..., str]):
    line = refusal(f'{HEAD}\nA,Broad,Pic,9100,5,"1,250.50",3\nA,Narrow,Pic,9100,5,"98,70",3')
    assert line == (
        "report.csv, line 2 has '1,250.50' and line 3 has '98,70': write all numbers with one decimal sign"
    )


@pytest.mark.parametrize("nothing", ["", "-", "—", "N/A", "0"])
def test_a_cell_that_says_there_was_nothing_is_nothing(audit: Audit, nothing: str):
    assert facts(audit(f"{HEAD}\nA,Broad,Pic,9100,80,98.70,{nothing}")) == [("Broad", 9870, 0, "loser")]


def test_undelivered_ads_are_no_error(audit: Audit):
    rows = [HEAD + ",Ad delivery", "A,Broad,1,12345,210,124.56,31,active", "A,Narrow,2,,,,,not_delivering"]
    found = audit("\n".join(rows))
    assert found["refused"] == []
    assert [(a["ad_set"], a["status"], a["verdict"]) for a in found["ad_sets"]] == [
        ("Broad", "active", "winner"),
        ("Narrow", "inactive", "unclear"),
    ]


def test_an_ad_set_that_is_off_is_left_alone(audit: Audit):
    found = audit(f"{HEAD},Ad set delivery\nA,Broad,1,12345,210,124.56,0,inactive")
    assert facts(found) == [("Broad", 12456, 0, "keep")]


def test_totals_are_left_out(audit: Audit):
    rows = [HEAD, ",,,24000,9,70.00,9", "A,,,24000,9,70.00,9", "A,Broad,Pic,12000,5,30.00,4"]
    rows += ["A,Narrow,Pic,12000,4,40.00,5", "Total,,,24000,9,70.00,9"]
    found = audit("\n".join(rows))
    assert found["totals"] == {"spend_minor": 7000, "impressions": 24000, "events": 9}
    assert found["notes"][-1] == "3 rows of totals left out"


def test_an_ad_without_its_ad_set_is_refused_and_no_total(audit: Audit):
    found = audit(f"{HEAD}\nA,Broad,Pic,12000,5,30.00,4\nA,,Pic,12000,4,40.00,5")
    assert found["refused"] == [{"line": 3, "reason": "the ad set is empty"}]
    assert found["totals"]["spend_minor"] == 3000


@pytest.mark.parametrize(
    ("head", "period"),
    [
        pytest.param(
            "Berichtsstart;Berichtsende;Kampagnenname;Anzeigengruppenname;Anzeigenname;Impressionen;"
            "Link-Klicks;Ausgegebener Betrag (EUR);Ergebnisse",
            "2026-11-01;2026-11-14",
            id="German",
        ),
        pytest.param(
            "Début des rapports;Fin des rapports;Nom de la campagne;Nom de l'ensemble de publicités;"
            "Nom de la publicité;Impressions;Clics sur un lien;Montant dépensé (EUR);Résultats",
            "01/11/2026;14/11/2026",
            id="French",
        ),
        pytest.param(
            "Inicio del informe;Fin del informe;Nombre de la campaña;Nombre del conjunto de anuncios;"
            "Nombre del anuncio;Impresiones;Clics en el enlace;Importe gastado (EUR);Resultados",
            "01/11/2026;14/11/2026",
            id="Spanish",
        ),
        pytest.param(
            "Inizio dei report;Fine dei report;Nome della campagna;Nome del gruppo di inserzioni;"
            "Nome dell'inserzione;Impression;Clic sul link;Importo speso (EUR);Risultati",
            "01/11/2026;14/11/2026",
            id="Italian",
        ),
        pytest.param(
            "Início dos relatórios;Término dos relatórios;Nome da campanha;Nome do conjunto de anúncios;"
            "Nome do anúncio;Impressões;Cliques no link;Valor usado (EUR);Resultados",
            "01/11/2026;14/11/2026",
            id="Portuguese",
        ),
        pytest.param(
            "Start rapportage;Einde rapportage;Campagnenaam;Naam advertentieset;Advertentienaam;Weergaven;"
            "Klikken op links;Besteed bedrag (EUR);Resultaten",
            "01.11.2026;14.11.2026",
            id="Dutch",
        ),
        pytest.param(
            "Rozpoczęcie raportowania;Zakończenie raportowania;Nazwa kampanii;Nazwa zestawu reklam;"
            "Nazwa reklamy;Wyświetlenia;Kliknięcia linku;Wydana kwota (EUR);Wyniki",
            "2026-11-01;2026-11-14",
            id="Polish",
        ),
        pytest.param(
            "レポート開始日;レポート終了日;キャンペーン名;広告セット名;広告名;インプレッション;"
            "リンクのクリック;消化金額 (EUR);結果",
            "2026/11/01;2026/11/14",
            id="Japanese",
        ),
    ],
)
def test_headings_are_read_in_eight_languages(audit: Audit, head: str, period: str):
    found = audit(f"\ufeff{head}\n{period};Alpha;Breit;Bild 1;12.345;210;1.234,56;31")
    assert found["currency"] == "EUR"
    assert found["period"] == {"from": "2026-11-01", "to": "2026-11-14", "assumed": False}
    assert found["totals"] == {"spend_minor": 123456, "impressions": 12345, "events": 31}


@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(lambda text: text.encode("utf-16-le"), id="utf-16 without a mark"),
        pytest.param(lambda text: text.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(lambda text: text.encode("cp1252"), id="a Western code page"),
        pytest.param(lambda text: text.replace(",", "\t").encode(), id="tabs"),
        pytest.param(lambda text: ("sep=;\n" + text.replace(",", ";")).encode(), id="a sep line"),
        pytest.param(lambda text: ("My report\nall accounts\n" + text).encode(), id="a preamble"),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="Windows lines"),
    ],
)
def test_encodings_and_delimiters(audit: Audit, encode: Callable[[str], bytes]):
    assert facts(audit(encode(f"{HEAD}\nAlpha,Brücke,Pic,12345,210,100.00,31"))) == [
        ("Brücke", 10000, 31, "winner")
    ]


def test_a_workbook_is_read(tmp_path: Path, audit: Audit):
    path = tmp_path / "made.xlsx"
    row = ["Alpha", "Broad", "Pic", 12345, 210, 100.5, 31]
    pd.DataFrame([row], columns=HEAD.split(",")).to_excel(path, index=False)
    found = audit(path.read_bytes(), name="report.xlsx")
    assert facts(found) == [("Broad", 10050, 31, "winner")]


def test_results_of_two_kinds_need_a_choice(audit: Audit, refusal: Callable[..., str]):
    rows = [HEAD + ",Result indicator", "A,Broad,1,9000,9,50.00,31,actions:link_click"]
    rows += ["A,Narrow,2,9000,9,60.00,4,actions:lead"]
    content = "\n".join(rows)

    assert refusal(content) == (
        "report.csv mixes results: 'actions:link_click' (1 rows), 'actions:lead' (1 rows): "
        "choose one with --indicator"
    )
    found = audit(content, "--indicator", "actions:lead")
    assert (found["indicator"], facts(found)) == ("actions:lead", [("Narrow", 6000, 4, "keep")])


def test_purchases_count_when_there_are_no_results(audit: Audit):
    found = audit(f"{HEAD.replace('Results', 'Purchases')}\nA,Broad,Pic,9000,9,50.00,31")
    assert (found["indicator"], found["totals"]["events"]) == ("Purchases", 31)


def test_the_kaggle_file_is_read(audit: Audit):
    head = (
        "ad_id,xyz_campaign_id,fb_campaign_id,Impressions,Clicks,Spent,Total_Conversion,Approved_Conversion"
    )
    found = audit(f"{head}\n708746,916,103916,7350,1,1.43,2,1\n708747,916,103916,100,1,1.00,1,0")
    assert facts(found) == [("103916", 243, 3, "keep")]


def test_more_events_than_impressions_are_not_believed(audit: Audit):
    found = audit(f"{HEAD}\nA,Broad,Pic,100,9,50.00,40000\nA,Narrow,Pic,9000,9,50.00,12")
    assert [(a["ad_set"], a["verdict"]) for a in found["ad_sets"]] == [
        ("Narrow", "winner"),
        ("Broad", "unclear"),
    ]


@pytest.mark.parametrize(
    ("spend", "verdict", "saved"),
    [("10.00", "unclear", 0), ("10.01", "loser", 1), ("0.00", "unclear", 0)],
    ids=["on the limit", "one cent over", "nothing spent"],
)
def test_a_loser_would_have_saved_what_it_spent_over_the_limit(
    audit: Audit, spend: str, verdict: str, saved: int
):
    (one,) = audit(f"{HEAD}\nA,Broad,Pic,100,9,{spend},0")["ad_sets"]
    assert (one["verdict"], one["would_have_saved_minor"]) == (verdict, saved)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "report.csv is empty: the first line must name the columns"),
        (
            f"{HEAD},Results\nA,Broad,Pic,1,1,1,1,2",
            (
                "report.csv: one heading stands twice: column 7 ('Results') and column 8 ('Results'); "
                "delete or rename one"
            ),
        ),
        (
            f"{HEAD},Currency\nA,Broad,Pic,1,1,1,1,EUR",
            "report.csv has amounts in EUR and USD: export one currency",
        ),
        (
            f"{HEAD.replace('USD', 'XXX')}\nA,Broad,Pic,1,1,1,1",
            "report.csv: XXX is no currency of an ad account",
        ),
        (
            HEAD.replace(",Impressions", "") + "\nA,Broad,Pic,1,1,1",
            (
                "report.csv has no column for impressions ('impressions'); its heading is: Campaign name, "
                "Ad set name, Ad name, Link clicks, Amount spent (USD), Results"
            ),
        ),
        (
            f"{HEAD}\nA,Broad,Pic,x,1,1,1",
            (
                "report.csv has no row to count (1 refused, the first at line 2: impressions 'x' is no "
                "number from 0 up)"
            ),
        ),
        (
            HEAD.replace("Results", "Purchases,Leads") + "\nA,Broad,Pic,1,1,1,1,2",
            "report.csv has several results ('Purchases', 'Leads'): choose one with --indicator",
        ),
    ],
    ids=[
        "empty",
        "a heading twice",
        "two currencies",
        "no currency",
        "a column missing",
        "no row",
        "a choice",
    ],
)
def test_an_unusable_file_is_one_line_and_exit_2(refusal: Callable[..., str], content: str, line: str):
    assert refusal(content) == line


def test_a_bad_row_is_refused_and_the_others_count(audit: Audit):
    found = audit(f"{HEAD}\nA,Broad,Pic,9000,9,-1,3\nA,Narrow,Pic,9000,9,50.00,31")
    assert found["refused"] == [{"line": 2, "reason": "spend '-1' is no number from 0 up"}]
    assert facts(found) == [("Narrow", 5000, 31, "winner")]


def test_a_file_over_the_limit_is_not_read(file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(source, "MAX_ROWS", 2)
    with pytest.raises(UnusableReport, match="over 2 rows"):
        reports.read(file(f"{HEAD}\n" + "A,B,C,1,1,1,1\n" * 2), today=TODAY)


def test_a_missing_file_is_named(refusal: Callable[..., str], tmp_path: Path):
    result = CliRunner().invoke(app, ["audit", str(tmp_path / "none.csv"), "--json"])
    assert result.exit_code == 2
    assert result.stderr.endswith("No such file or directory: give a CSV or .xlsx file\n")


def test_a_currency_without_a_rate_gives_figures_and_no_verdict(audit: Audit):
    content = f"{HEAD.replace('USD', 'COP')}\nA,Broad,Pic,9000,9,50000,31"
    (one,) = audit(content)["ad_sets"]
    assert (one["spend_minor"], one["verdict"]) == (50000, "unclear")
    assert one["reason"] == "no exchange rate for COP: give --units-per-usd"
    assert audit(content, "--units-per-usd", "4000")["ad_sets"][0]["verdict"] == "winner"


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        pytest.param("2004-01-01", [], id="the first year of ads"),
        pytest.param("2003-12-31", ["'2003-12-31' is no day of an ad"], id="the day before"),
        pytest.param("2099-12-31", [], id="the last year"),
        pytest.param("2100-01-01", ["'2100-01-01' is no day of an ad"], id="the day after"),
        pytest.param("9999-12-31", ["'9999-12-31' is no day of an ad"], id="no day after it"),
    ],
)
def test_a_day_is_one_on_which_an_ad_can_have_run(audit: Audit, day: str, refused: list[str]):
    found = audit(f"Day,{HEAD}\n{day},A,Broad,Pic,900,9,5.00,1\n2026-11-20,A,Broad,Pic,900,9,5.00,1")

    assert [each["reason"] for each in found["refused"]] == refused
    assert found["totals"]["spend_minor"] == 500 * (2 - len(refused))


def test_a_name_with_a_line_separator_ends_no_row(audit: Audit):
    assert facts(audit(f"{HEAD}\nA,Broad\u2028one,Pic,9000,9,50.00,31")) == [
        ("Broad\u2028one", 5000, 31, "winner")
    ]


@pytest.mark.parametrize("ending", ["csv", "html"])
def test_a_table_that_cannot_be_written_is_one_line(file: Callable[..., Path], ending: str):
    path = file(f"{HEAD}\nA,Broad,Pic,9000,9,50.00,31")
    path.with_name(f"report.csv.audit.{ending}").mkdir()

    result = CliRunner().invoke(app, ["audit", str(path)])

    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"report.csv.audit.{ending}: Is a directory: copy the report elsewhere, or use --json\n"
    )
    assert list(path.parent.glob("*.part")) == []


def test_the_tables_are_written_beside_the_report(file: Callable[..., Path]):
    path = file(f"{HEAD}\nA,=HYPERLINK(1),Pic,9000,9,50.00,31\nA,<b>Narrow,Pic,9000,9,98.70,0")
    result = CliRunner().invoke(app, ["audit", str(path)])

    assert result.exit_code == 0
    assert "would have saved: $88.70" in result.stdout
    table = path.with_name("report.csv.audit.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in table
    assert "&lt;b&gt;Narrow" in path.with_name("report.csv.audit.html").read_text()
