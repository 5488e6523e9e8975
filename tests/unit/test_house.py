"""The rules of the house: folders, names, imports, words, dead code. A failure lists its offenders."""

import ast
import io
import re
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Each tree has names of its own: the simulator stands alone, and dev/ never ships.
TREES = pytest.mark.parametrize("folders", [("include/graph_simulator",), ("dev",)], ids=["simulator", "dev"])

# Alembic's revisions are append-only: none is moved into another folder once it was applied.
APPEND_ONLY = "include/orchestrator/store/migrations/"

# Meta's learning phase and the campaign of it, not an activity.
FIELD_NOUNS = ("learning",)

# Packages that mirror each other: one name in two of a row is one subject seen from two sides.
MIRRORED = (
    {"rules", "explain"},  # a rule and its explanation
    {"panel", "api"},  # two web applications with the same parts
    {"cli", "runs", "store", "routes"},  # a use case: its command, its statements, its route
    {"demo", "chaos", "bench"},  # three programs that seed, run and report
)

# Eight words of stories, with their forms: at most one in 1,000 lines of code, comments and docstrings.
NARRATIVE = (
    *("who", "whom", "whoever"),
    *("tell", "tells", "told", "telling"),
    *("hear", "hears", "heard", "hearing"),
    *("stand", "stands", "stood", "standing"),
    *("ask", "asks", "asked", "asking"),
    *("keep", "keeps", "kept", "keeping"),
    *("become", "becomes", "became", "becoming"),
    *("let", "lets", "letting"),
)
LINES_A_WORD = 1000


def files(*folders: str, pattern: str = "*") -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob(pattern))
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(*folders: str) -> list[Path]:
    return [path for path in files(*folders, pattern="*.py") if not relative(path).startswith(APPEND_ONLY)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def repeated(places: Iterable[tuple[str, Path]]) -> list[str]:
    """Names that have more than one place, mirrored packages excepted."""
    by_name: dict[str, list[Path]] = defaultdict(list)
    for name, path in places:
        by_name[name].append(path)
    return [f"{name}: {', '.join(map(relative, paths))}" for name, paths in by_name.items() if len(paths) > 1]


def is_mirrored(paths: Iterable[Path]) -> bool:
    packages = Counter(path.parent.name for path in paths)
    return max(packages.values()) == 1 and any(packages.keys() <= row for row in MIRRORED)


def test_modules_are_nouns():
    activities = [path for path in modules("include", "plugins", "dev") if path.stem.endswith("ing")]
    assert [relative(path) for path in activities if path.stem not in FIELD_NOUNS] == []


@TREES
def test_no_two_modules_have_one_name(folders: tuple[str, ...]):
    by_name: dict[str, list[Path]] = defaultdict(list)
    for path in modules(*folders):
        by_name[path.stem].append(path)
    named = {name: paths for name, paths in by_name.items() if not name.startswith("__")}
    twice = [paths for paths in named.values() if len(paths) > 1 and not is_mirrored(paths)]
    assert [", ".join(map(relative, paths)) for paths in twice] == []


def class_names(path: Path) -> Iterator[str]:
    """Public classes and type aliases: what a module names in CamelCase."""
    for node in parsed(path).body:
        match node:
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name


@TREES
def test_no_class_name_has_two_meanings(folders: tuple[str, ...]):
    places = ((name, path) for path in modules(*folders) for name in class_names(path))
    assert repeated((name, path) for name, path in places if re.match("[A-Z]+[a-z]", name)) == []


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Comments, docstrings and identifiers with their lines; no other strings, which are texts for users."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text), lineno=line)):
                yield from enumerate(text.split("\n"), line)
        for field in ("id", "attr", "arg", "name", "asname", "module"):
            if isinstance(name := getattr(node, field, None), str):
                yield getattr(node, "lineno", 0), name


def words(text: str) -> list[str]:
    """The words of a text or an identifier in lower case, snake_case and CamelCase taken apart."""
    return [word.lower() for word in re.findall("[A-Z]?[a-z]+|[A-Z]+", text)]


@pytest.mark.parametrize("folder", ["include/graph_simulator", "dev"])
def test_narrative_words_are_rare(folder: str):
    paths = modules(folder)
    found = [
        f"{relative(path)}:{line} {word}"
        for path in paths
        for line, text in texts(path)
        for word in words(text)
        if word in NARRATIVE
    ]
    lines = sum(path.read_text().count("\n") for path in paths)
    assert len(found) <= lines // LINES_A_WORD, "\n".join(found)
