"""An export as a person's own software writes it: what is read, what is refused, what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import ads_export
from demo.ads_export import AdRow, Refused
from stack.errors import StackError

SMALL = Path(__file__).parent / "data" / "small.csv"
HEADER = "campaign,ad set,impressions,clicks,spend,conversions"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "ads.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_report_of_ads_manager_is_read_by_its_own_headings():
    read = ads_export.read(SMALL)

    assert read.columns == {
        "campaign": "Campaign name",
        "ad_set": "Ad set name",
        "ad": "Ad name",
        "impressions": "Impressions",
        "clicks": "Clicks (all)",
        "spend": "Amount spent (USD)",
        "conversions": "Results",
    }
    assert len(read.rows) == 6
    assert read.rows[0] == AdRow(
        campaign="Spring",
        ad_set="Fans 18-24",
        ad="Teaser",
        impressions=42000,
        clicks=310,
        spend_minor=14000,
        conversions=56,
    )


def test_every_wrong_row_is_named_by_its_line_and_the_others_are_kept():
    assert ads_export.read(SMALL).refused == (
        Refused(line=6, reason="spend '1,40' is no number from 0 up"),
        Refused(line=9, reason="ad set is empty"),
        Refused(line=10, reason="ad Teaser of ad set Broad was there before"),
        Refused(line=11, reason="impressions '12.5' is no whole number"),
        Refused(line=12, reason="95 clicks on 50 impressions"),
        Refused(line=13, reason="spend '-1.00' is no number from 0 up"),
        Refused(line=14, reason="3 cells under 7 headings"),
    )


def test_the_public_kaggle_file_is_read_by_its_own_headings(tmp_path: Path):
    path = written(
        tmp_path,
        "ad_id,xyz_campaign_id,fb_campaign_id,age,gender,interest,Impressions,Clicks,Spent,"
        "Total_Conversion,Approved_Conversion",
        "1121091,1178,144531,30-34,M,10,1194718,141,254.049996,28,14",
    )

    assert ads_export.read(path).rows == (
        AdRow(
            campaign="1178",
            ad_set="144531",
            ad="1121091",
            impressions=1194718,
            clicks=141,
            spend_minor=25405,
            conversions=28,
        ),
    )


@pytest.mark.parametrize(
    ("header", "row", "currency", "spend_minor"),
    [
        pytest.param(HEADER, "C,S,10,1,1.005,0", "USD", 101, id="half a cent is rounded up"),
        pytest.param(HEADER.replace("spend", "Amount spent (JPY)"), "C,S,10,1,250,0", "JPY", 250, id="yen"),
        pytest.param(HEADER.replace(",", ";"), "C;S;10;1;2.50;0", "USD", 250, id="semicolons"),
        pytest.param("\ufeff" + HEADER, "C,S,10,1,2.50,0", "USD", 250, id="a byte order mark"),
        pytest.param(HEADER.upper(), "C,S,10,,2.50,", "USD", 250, id="capitals, and counts left empty"),
        pytest.param(HEADER, "C,S,0,0,0,0", "USD", 0, id="nothing delivered"),
    ],
)
def test_amounts_are_read_to_the_minor_unit(
    tmp_path: Path, header: str, row: str, currency: str, spend_minor: int
):
    read = ads_export.read(written(tmp_path, header, row))

    assert (read.currency, [each.spend_minor for each in read.rows]) == (currency, [spend_minor])


def test_ads_without_a_name_are_told_apart_by_their_line(tmp_path: Path):
    read = ads_export.read(written(tmp_path, HEADER, "C,S,10,1,1,0", "C,S,10,1,1,0"))

    assert [row.ad for row in read.rows] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            ["campaign,ad set,impressions,clicks", "C,S,1,1"],
            "ads.csv: no column for spend (one of: spend, spent, amount spent, cost) and conversions "
            "(one of: conversions, results, total_conversion, approved_conversion); its header is: "
            "campaign, ad set, impressions, clicks",
            id="two columns are missing",
        ),
        pytest.param([""], "ads.csv is empty: the first line must name the columns", id="it is empty"),
        pytest.param([HEADER], "ads.csv has no good row (0 refused)", id="there is no row"),
        pytest.param(
            [HEADER, "C,S,1,x,1,1"],
            "ads.csv has no good row (1 refused, the first at line 2: clicks 'x' is no number from 0 up)",
            id="no row is good",
        ),
        pytest.param(
            [HEADER.replace("spend", "spend (XYZ)"), "C,S,1,1,1,1"],
            "ads.csv: spend (XYZ): XYZ is no currency of an ad account",
            id="the currency is made up",
        ),
        pytest.param(
            [HEADER, *(f"C,S{n},1,1,1,1" for n in range(5_001))],
            "ads.csv has 5001 ads, and an ad account holds 5000: give a part of it",
            id="more ads than an account holds",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_one_clear_line(tmp_path: Path, lines: list[str], said: str):
    with pytest.raises(StackError) as problem:
        ads_export.read(written(tmp_path, *lines))

    assert str(problem.value) == said


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path):
    with pytest.raises(StackError, match=r"none\.csv: No such file or directory: give a CSV file"):
        ads_export.read(tmp_path / "none.csv")


def test_a_picture_is_one_clear_line(tmp_path: Path):
    (tmp_path / "ads.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")

    with pytest.raises(StackError, match="is no CSV text in UTF-8"):
        ads_export.read(tmp_path / "ads.csv")
