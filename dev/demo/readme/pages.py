"""What the demo printed, as README.md and docs/demo.md show it. Pure.

What differs from run to run is masked: run keys, timings, and the tables of the runs after
the first, since ads that are created at the same time get their luck in order of arrival.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

BEGIN, END = "<!-- printed by make demo: begin -->", "<!-- end -->"
SHORT_USERS = ("Bo", "Ed", "Jo")
"""Users of the short form: winners, losers, and a campaign that a person paused."""
_MASKS = (
    (r"^· .*\n", ""),
    (r"^run \S+: [\d.]+ s$", "run …: … s"),
    (r"^What it did at (.*?) *\n(?:[┏┃┡│├└].*\n)+", r"What it did at \1\n(the table of this run)\n"),
    (r"^Nothing to do for .*\n", ""),
    (r"(\(the table of this run\)\n✓ each of the )\d+( writes)", r"\1…\2"),
    (r"^Where to look .*\Z", ""),
    (r" +$", ""),
)
_HEADING = re.compile(r"^\d\. [^─]+─")
_STARTS = re.compile(rf"^(✓|({'|'.join(SHORT_USERS)}) )")
_NEXT_LINE = re.compile(r"^[\da-z(]")  # of a sentence that was too long for one
_SHORT_RUNS = 2


def readable(printed: str) -> str:
    """What the demo printed, without what differs from run to run."""
    for pattern, replacement in _MASKS:
        flags = re.MULTILINE | re.DOTALL if pattern.endswith(r"\Z") else re.MULTILINE
        printed = re.sub(pattern, replacement, printed, flags=flags)
    return printed.strip()


def short(printed: str) -> str:
    """The headings, proofs and a few users' lines of the first two runs, out of what ``readable`` gives."""
    return "\n".join(_short_lines(printed))


def _short_lines(printed: str) -> Iterator[str]:
    runs, shown = 0, False
    for line in printed.splitlines():
        if _HEADING.match(line):
            runs += 1
            if runs > _SHORT_RUNS:
                return
            shown = False
            yield line.rstrip("─ ")
            continue
        shown = bool(_STARTS.match(line)) or (shown and bool(_NEXT_LINE.match(line)))
        if shown:
            yield line


def with_output(document: str, printed: str, name: str) -> str:
    """The document with what was printed between its marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{name} needs {BEGIN} and after it {END}")
    return f"{before}{BEGIN}\n\n```console\n$ make demo\n{printed}\n```\n\n{END}{after}"
