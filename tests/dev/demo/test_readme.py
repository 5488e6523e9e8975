"""README.md and docs/demo.md show what the demo prints, and nothing that differs from run to run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demo.readme import __main__ as readme
from demo.readme import pages, panel_picture

PRINTED = """\
· waiting for Airflow
1. Dry run: decide everything, write nothing ──
· 5 of 16 tasks done
run manual__2026-11-23T12:29:02.394451+00:00: 172.2 s
What it would do at 2026-11-23 12:00 UTC     
┏━━━━┓
│ Bo │
└────┘
✓ the dry run wrote nothing: 41 requests reached the simulator, none took effect
3. Three days later: what was promoted grows ──
run demo-4a1b812f: 2.3 s
What it did at 2026-11-26 12:00 UTC     
┏━━━━┓
│ Bo │
├────┤
│ Cy │
└────┘
Nothing to do for Flo, Ivo.
✓ each of the 33 writes took effect, and the simulator is as the log says
Bo   ✓ what was promoted grows by a step
Where to look ──
Airflow    http://127.0.0.1:8080/dags/ads_orchestrator
           user admin, password hunter2
· stopping postgres
"""  # noqa: W291
SHOWN = """\
1. Dry run: decide everything, write nothing ──
run …: … s
What it would do at 2026-11-23 12:00 UTC
┏━━━━┓
│ Bo │
└────┘
✓ the dry run wrote nothing: 41 requests reached the simulator, none took effect
3. Three days later: what was promoted grows ──
run …: … s
What it did at 2026-11-26 12:00 UTC
(the table of this run)
✓ each of the … writes took effect, and the simulator is as the log says
Bo   ✓ what was promoted grows by a step"""


LONG = """\
1. Dry run: decide everything, write nothing ────
run …: … s
What it would do at 2026-11-23 12:00 UTC
┃ user ┃ a day ┃
│ Bo   │ $20   │
loser                   it spent without one event
Bo virality: broad chorus wins (beats_median): 6240 events
(38.46 % better), 72000 impressions in 144 h
Flo audience building: broad newsletter wins: 54 events
165 (55.55 % better), 54000 impressions in 144 h
✓ the dry run wrote nothing: 41 requests reached the simulator, none took effect
2. Live run: the same, and written to Meta ──────
✓ the live run did what the dry run planned: 41 actions, the same field for field
│ Ed   │ pause 2 ad sets │
What should happen, happened:
Ada  ✓ a learning campaign for each goal
Bo   ✓ both winners are promoted
Ed   ✓ both losers are paused
Max  ✓ the unknown one is reported
3. Three days later: what was promoted grows ────
Bo   ✓ what was promoted grows by a step"""
SHORT = """\
1. Dry run: decide everything, write nothing
Bo virality: broad chorus wins (beats_median): 6240 events
(38.46 % better), 72000 impressions in 144 h
✓ the dry run wrote nothing: 41 requests reached the simulator, none took effect
2. Live run: the same, and written to Meta
✓ the live run did what the dry run planned: 41 actions, the same field for field
Bo   ✓ both winners are promoted
Ed   ✓ both losers are paused"""


def test_what_differs_from_run_to_run_is_left_out():
    assert pages.readable(PRINTED) == SHOWN


def test_the_short_form_is_two_runs_of_three_users():
    assert pages.short(LONG) == SHORT


def test_the_output_stands_between_its_marks():
    document = f"before\n{pages.BEGIN}\nold\n{pages.END}\nafter\n"

    assert pages.with_output(document, "new", "README.md") == (
        f"before\n{pages.BEGIN}\n\n```console\n$ make demo\nnew\n```\n\n{pages.END}\nafter\n"
    )


@pytest.mark.parametrize("document", ["", pages.BEGIN, pages.END])
def test_a_document_without_marks_is_refused(document: str):
    with pytest.raises(ValueError, match=r"README\.md needs"):
        pages.with_output(document, "new", "README.md")


def test_the_page_to_photograph_is_where_the_demo_says():
    printed = (
        "the panel   http://127.0.0.1:1/plugin/ads-orchestrator\n"
        "            user admin, password hunter-2\n"
        "Ada in it   http://127.0.0.1:1/plugin/users/1\n"
        "Bo in it    http://127.0.0.1:1/plugin/users/2\n"
    )

    assert panel_picture.where(printed) == ("http://127.0.0.1:1/plugin/users/2", "admin", "hunter-2")


def test_a_demo_that_failed_has_no_page():
    with pytest.raises(ValueError, match="did not print where its panel is: The disk is full"):
        panel_picture.where("The disk is full")


DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/decisions/*.md", "deploy/*.md", "include/graph_simulator/*.md")
    for path in readme.ROOT.glob(pattern)
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_whatever_a_document_points_to_is_there(document: Path):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8"))
    own = [link for link in links if "://" not in link]

    assert [link for link in own if not (document.parent / link).exists()] == []


def test_the_readme_is_short_and_leads_on():
    text = readme.README.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 150
    assert len(re.findall(r"\]\(docs/", text)) > 5
