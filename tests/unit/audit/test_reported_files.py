"""Exports of people as they were reported, each with the figures that are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from orchestrator.cli import app

HEAD = "Campaign name,Ad set name,Ad name,Impressions,Link clicks,Amount spent (USD),Results"
ASSUMED = None
"""The file has no dates: a period is taken for it, and said."""

Row = tuple[str, str | None, str, int, int, int, str | None, str]
"""Ad set, its id, status, minor units, impressions, events, minor units an event, verdict."""

NAMES = ("ad_set", "ad_set_id", "status", "spend_minor", "impressions", "events", "cost_minor", "verdict")


class Right(NamedTuple):
    """What ``audit`` finds in a file that it can use."""

    currency: str
    period: tuple[str, str] | None
    rows: int
    ad_sets: list[Row]


SUMMED: list[Row] = [
    ("Narrow", None, "unknown", 32000, 40000, 141, "226.950355", "winner"),
    ("Other", None, "unknown", 32000, 40000, 16, "2000", "keep"),
    ("Broad", None, "unknown", 32000, 40000, 12, "2666.666667", "keep"),
]
GERMAN: list[Row] = [("Breit", None, "unknown", 133326, 21445, 35, "3809.314286", "winner")]
PIC: list[Row] = [("Broad", None, "unknown", 10000, 12345, 31, "322.580645", "winner")]

SUMS = f"""{HEAD}
Alpha,Broad,Pic 1,40000,480,320.00,12
Alpha,Narrow,Pic 2,40000,480,320.00,141
Alpha,Other,Pic 3,40000,480,320.00,16
"""
IDS = """\
Campaign name,Campaign ID,Ad set name,Ad set ID,Ad name,Ad ID,Impressions,Link clicks,\
Amount spent (USD),Results
Alpha,1201,Broad,5001,Pic 1,9001,12345,210,100.00,31
Alpha,1201,Broad - Copy,5002,Pic 1,9002,9100,80,98.70,4
Alpha,1201,Broad,5003,Pic 1,9003,8000,60,200.00,2
Alpha,1202,Broad,5004,Pic 1,9004,8000,60,300.00,90
"""
CURRENCY_COLUMN = """\
Account name,Currency,Campaign name,Ad set name,Ad name,Amount spent,Impressions,Link clicks,Results
Studio,JPY,Alpha,Broad,Pic 1,12345,9000,210,31
Studio,JPY,Alpha,Narrow,Pic 2,9900,8000,80,4
"""
COMMA_THOUSANDS = f"""{HEAD}
Alpha,Best,Pic 1,"112,345","2,210","1,250.50",310
Alpha,Mid,Pic 2,9100,80,98.70,9
Alpha,Low,Pic 3,9200,81,99.00,5
Alpha,Lower,Pic 4,9300,82,99.00,4
"""
NINETY_DAYS = f"""{HEAD},Ad set budget,Ad set budget type,Reporting starts,Reporting ends
Alpha,Broad,Pic 1,123450,2100,900.00,310,10,Daily,2026-08-25,2026-11-22
Alpha,Narrow,Pic 2,91000,800,900.00,40,10,Daily,2026-08-25,2026-11-22
"""
NO_DELIVERY = f"""{HEAD},Ad delivery
Alpha,Broad,Pic 1,12345,210,124.56,31,active
Alpha,Broad,Pic 2,,,0,,inactive
Alpha,Narrow,Pic 3,,,,,not_delivering
"""
DECIMAL_COMMA = """\
Campaign name;Ad set name;Ad name;Impressions;Link clicks;Amount spent (EUR);Results
Alpha;Breit;Pic 1;12345;210;1234,56;31
Alpha;Breit;Pic 2;9100;80;98,70;4
"""
IN_GERMAN = """\
\ufeffBerichtsstart;Berichtsende;Kampagnenname;Anzeigengruppenname;Anzeigenname;Impressionen;Link-Klicks;\
Ausgegebener Betrag (EUR);Ergebnisse
2026-11-01;2026-11-14;Alpha;Breit;Bild 1;12.345;210;1.234,56;31
2026-11-01;2026-11-14;Alpha;Breit;Bild 2;9.100;80;98,70;4
"""
IN_JAPANESE = """\
キャンペーン名,広告セット名,広告名,インプレッション,リンクのクリック,消化金額 (JPY),結果
アルファ,広い,絵1,12345,210,12345,31
"""
SEP_LINE = f"sep=;\n{HEAD.replace(',', ';')}\nAlpha;Broad;Pic 1;12345;210;100.00;31\n"
SIGNS_AND_DASHES = f"""{HEAD}
Alpha,Broad,Pic 1,12345,210,$100.00,31
Alpha,Narrow,Pic 2,9100,80,98.70,-
Alpha,Third,Pic 3,9100,80,98.70,—
Alpha,Fourth,Pic 4,9100,80,98.70,N/A
"""
PURCHASES = f"""{HEAD.replace("Results", "Purchases,Purchase ROAS")}
Alpha,Broad,Pic 1,12345,210,100.00,31,2.1
"""


def by_day(step: int) -> str:
    """What ``SUMS`` adds up, a row an ad set and day; the newest first with -1."""
    events = {"Broad": (12, 0), "Narrow": (1, 20), "Other": (2, 2)}
    rows = [
        f"2026-11-{day},Alpha,{ad_set},Pic {n},5000,60,40.00,{first if day == 15 else later}"
        for day in range(15, 23)
        for n, (ad_set, (first, later)) in enumerate(events.items(), 1)
    ]
    return "\n".join([f"Day,{HEAD}", *rows[::step]])


@pytest.mark.parametrize(
    ("content", "right"),
    [
        pytest.param(by_day(1), Right("USD", ("2026-11-15", "2026-11-22"), 24, SUMMED), id="oldest first"),
        pytest.param(by_day(-1), Right("USD", ("2026-11-15", "2026-11-22"), 24, SUMMED), id="newest first"),
        pytest.param(SUMS, Right("USD", ASSUMED, 3, SUMMED), id="the same summed"),
        pytest.param(
            IDS,
            Right(
                "USD",
                ASSUMED,
                4,
                [
                    ("Broad", "5001", "unknown", 10000, 12345, 31, "322.580645", "winner"),
                    ("Broad", "5004", "unknown", 30000, 8000, 90, "333.333333", "keep"),
                    ("Broad - Copy", "5002", "unknown", 9870, 9100, 4, "2467.5", "keep"),
                    ("Broad", "5003", "unknown", 20000, 8000, 2, "10000", "keep"),
                ],
            ),
            id="same names, other ids",
        ),
        pytest.param(
            CURRENCY_COLUMN,
            Right(
                "JPY",
                ASSUMED,
                2,
                [
                    ("Broad", None, "unknown", 12345, 9000, 31, "398.225806", "winner"),
                    ("Narrow", None, "unknown", 9900, 8000, 4, "2475", "keep"),
                ],
            ),
            id="a column of the currency",
        ),
        pytest.param(
            COMMA_THOUSANDS,
            Right(
                "USD",
                ASSUMED,
                4,
                [
                    ("Best", None, "unknown", 125050, 112345, 310, "403.387097", "winner"),
                    ("Mid", None, "unknown", 9870, 9100, 9, "1096.666667", "winner"),
                    ("Low", None, "unknown", 9900, 9200, 5, "1980", "keep"),
                    ("Lower", None, "unknown", 9900, 9300, 4, "2475", "keep"),
                ],
            ),
            id="thousands with commas",
        ),
        pytest.param(
            NINETY_DAYS,
            Right(
                "USD",
                ("2026-08-25", "2026-11-22"),
                2,
                [
                    ("Broad", None, "unknown", 90000, 123450, 310, "290.322581", "winner"),
                    ("Narrow", None, "unknown", 90000, 91000, 40, "2250", "keep"),
                ],
            ),
            id="ninety days",
        ),
        pytest.param(
            NO_DELIVERY,
            Right(
                "USD",
                ASSUMED,
                3,
                [
                    ("Broad", None, "active", 12456, 12345, 31, "401.806452", "winner"),
                    ("Narrow", None, "inactive", 0, 0, 0, None, "unclear"),
                ],
            ),
            id="no delivery",
        ),
        pytest.param(DECIMAL_COMMA, Right("EUR", ASSUMED, 2, GERMAN), id="a decimal comma"),
        pytest.param(IN_GERMAN, Right("EUR", ("2026-11-01", "2026-11-14"), 2, GERMAN), id="in German"),
        pytest.param(
            IN_JAPANESE,
            Right("JPY", ASSUMED, 1, [("広い", None, "unknown", 12345, 12345, 31, "398.225806", "winner")]),
            id="in Japanese",
        ),
        pytest.param(SEP_LINE, Right("USD", ASSUMED, 1, PIC), id="a sep line"),
        pytest.param(
            SIGNS_AND_DASHES,
            Right(
                "USD",
                ASSUMED,
                4,
                [
                    *PIC,
                    ("Fourth", None, "unknown", 9870, 9100, 0, None, "loser"),
                    ("Narrow", None, "unknown", 9870, 9100, 0, None, "loser"),
                    ("Third", None, "unknown", 9870, 9100, 0, None, "loser"),
                ],
            ),
            id="signs and dashes",
        ),
        pytest.param(PURCHASES, Right("USD", ASSUMED, 1, PIC), id="purchases beside their return"),
    ],
)
def test_a_report_is_read_as_it_is(tmp_path: Path, content: str, right: Right) -> None:
    path = tmp_path / "report.csv"
    path.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(app, ["audit", str(path), "--json"])
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)

    assert found["refused"] == []
    assert Right(found["currency"], own_period(found), found["rows"], [*map(row, found["ad_sets"])]) == right


def own_period(found: dict[str, Any]) -> tuple[str, str] | None:
    period, notes = found["period"], found["notes"]
    said = [f"no dates in the file: taken for {period['from']} to {period['to']}"]
    assert notes == (said if period["assumed"] else [])
    return None if period["assumed"] else (period["from"], period["to"])


def row(ad_set: dict[str, Any]) -> Row:
    """Leave out what is said in words, and the campaign."""
    return tuple(ad_set[name] for name in NAMES)
