"""README.md shows what the demo prints, and nothing that differs from run to run."""

from __future__ import annotations

import re

import pytest

from demo import readme

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


def test_what_differs_from_run_to_run_is_left_out():
    assert readme.readable(PRINTED) == SHOWN


def test_the_output_stands_between_its_marks():
    document = f"before\n{readme.BEGIN}\nold\n{readme.END}\nafter\n"

    assert readme.with_output(document, "new") == (
        f"before\n{readme.BEGIN}\n\n```console\n$ make demo\nnew\n```\n\n{readme.END}\nafter\n"
    )


@pytest.mark.parametrize("document", ["", readme.BEGIN, readme.END])
def test_a_document_without_marks_is_refused(document: str):
    with pytest.raises(ValueError, match=r"README\.md needs"):
        readme.with_output(document, "new")


def test_whatever_the_readme_points_to_is_there():
    text = readme.README.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)

    assert len(links) > 5
    assert [link for link in links if not (readme.ROOT / link).exists()] == []
