"""The rules of the house: folders, names, imports, words, dead code. A failure lists its offenders."""

import ast
import io
import re
import tokenize
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = ROOT / "include/orchestrator"

PRODUCT = ("include/orchestrator", "plugins", "dags")
# Each tree has names of its own: the simulator stands alone, and dev/ never ships.
TREES = pytest.mark.parametrize(
    "folders", [PRODUCT, ("include/graph_simulator",), ("dev",)], ids=["product", "simulator", "dev"]
)

MAX_FILES = 20
# Alembic's revisions are append-only: none is moved into another folder once it was applied.
APPEND_ONLY = "include/orchestrator/store/migrations/"

# Meta's learning phase and the campaign of it, not an activity.
FIELD_NOUNS = ("learning",)

# Packages that mirror each other: one name in two of a row is one subject seen from two sides.
MIRRORED = (
    {"rules", "winners", "explain"},  # a rule and its explanation
    {"panel", "api"},  # two web applications with the same parts
    {"domain", "store"},  # a noun and its table
    {"cli", "runs", "store", "routes"},  # a use case: its command, its statements, its route
    {"demo", "chaos", "bench"},  # three programs that seed, run and report
)

# package → what it may import; dev may import anything.
IMPORTS = {
    "errors": "",
    "bounded_http": "",
    "conninfo": "",
    "settings": "conninfo errors",
    "domain": "errors",
    "documents": "domain errors",
    "rules": "documents domain errors",
    "explain": "documents domain",
    "audit": "rules domain errors",
    "platforms": "domain",
    "platforms.meta": "platforms domain bounded_http errors",
    "store": "domain errors",
    "snapshot": "platforms domain errors",
    "resources": "store platforms platforms.meta settings domain",
    "execution": "documents rules store snapshot platforms domain errors",
    "runs": "execution explain rules documents store snapshot resources platforms settings domain errors",
    "cli": "runs audit explain rules documents store resources settings domain errors",
    "__main__": "cli",
    "plugins": "runs explain rules store platforms resources settings domain bounded_http conninfo errors",
    "dags": "plugins domain",
    "graph_simulator": "",
}
OUTERMOST = ("__main__", "plugins", "dags")
DEV = ("stack", "demo", "chaos", "bench")

# Eight words of stories, with their forms: at most one in 1,000 lines of code, comments and docstrings.
NARRATIVE = (
    *("who", "whom", "whoever"),
    *("tell", "tells", "told", "telling"),
    *("hear", "hears", "heard", "hearing"),
    *("stand", "stands", "stood", "standing"),
    *("ask", "asks", "asked", "asking"),
    *("keeps", "kept", "keeping"),  # not "keep", which ORCHESTRATOR_KEEP_…_DAYS have
    *("become", "becomes", "became", "becoming"),
    *("let", "lets", "letting"),
)
LINES_A_WORD = 1000
WORDS_A_PAGE = 2

# A decorator other than these hands a function to a framework: a route, a command, a validator.
PLAIN_DECORATORS = {
    *("cache", "cached_property", "lru_cache", "property", "setter"),
    *("classmethod", "staticmethod", "override", "abstractmethod", "dataclass", "total_ordering"),
    *("contextmanager", "asynccontextmanager"),
}
# Airflow finds the plugin and the provider by entry points, and calls these methods of its base classes.
CALLED_BY_NAME = ("AdsOrchestratorPlugin", "get_provider_info", "get_link", "evaluate")


def assert_none(offenders: Iterable[str]) -> None:
    found = sorted(offenders)
    assert not found, "\n".join(["", *found])


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


def test_a_folder_has_at_most_twenty_files():
    counts = Counter(
        relative(path.parent)
        for path in files("include", "plugins", "dags", "dev", "tests")
        if not relative(path).startswith(APPEND_ONLY)
    )
    assert_none([f"{folder}: {count}" for folder, count in counts.items() if count > MAX_FILES])


def test_modules_are_nouns():
    activities = [path for path in modules("include", "plugins", "dev") if path.stem.endswith("ing")]
    assert_none([relative(path) for path in activities if path.stem not in FIELD_NOUNS])


@TREES
def test_no_two_modules_have_one_name(folders: tuple[str, ...]):
    by_name: dict[str, list[Path]] = defaultdict(list)
    for path in modules(*folders):
        by_name[path.stem].append(path)
    named = {name: paths for name, paths in by_name.items() if not name.startswith("__")}
    twice = [paths for paths in named.values() if len(paths) > 1 and not is_mirrored(paths)]
    assert_none([", ".join(map(relative, paths)) for paths in twice])


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
    assert_none(repeated((name, path) for name, path in places if re.match("[A-Z]+[a-z]", name)))


def package(dotted: str) -> str:
    """The package of a module, as in IMPORTS; "" for a library."""
    first, *rest = dotted.split(".")
    if first == "orchestrator":
        return "platforms.meta" if rest[:2] == ["platforms", "meta"] else "".join(rest[:1])
    if first.startswith("ads_orchestrator_"):
        return "plugins"
    return first if first in {"graph_simulator", *DEV} else ""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{alias.name}" for alias in names)


def own_package(path: Path) -> str:
    folder, *parts = path.relative_to(ROOT).with_suffix("").parts
    return "dags" if folder == "dags" else package(".".join(parts).removesuffix(".__init__"))


def test_imports_follow_the_arrows():
    upwards = {
        f"{relative(path)} imports {target}"
        for path in modules("include", "plugins", "dags")
        for target in imported(path)
        if package(target) not in {"", own_package(path), *IMPORTS.get(own_package(path), "").split()}
    }
    assert_none(sorted(upwards))


def test_each_arrow_is_an_import():
    used = {
        (own_package(path), package(target))
        for path in modules("include", "plugins", "dags")
        for target in imported(path)
    }
    allowed = ((name, target) for name, targets in IMPORTS.items() for target in targets.split())
    assert_none(f"{name} does not import {target}" for name, target in allowed if (name, target) not in used)


def test_the_diagram_shows_allowed_imports():
    diagram = (ROOT / "docs/architecture.md").read_text().split("```")[1]
    arrows = re.findall(r"^ +(\w+)(?:\[.*\])? --> (\w+)", diagram, re.MULTILINE)
    assert len(arrows) == diagram.count("-->") > 0
    assert_none(f"{name} --> {target}" for name, target in arrows if target not in IMPORTS[name].split())


@pytest.mark.parametrize("name", [name for name in IMPORTS if (HOME / name.replace(".", "/")).is_dir()])
def test_the_linter_bans_what_the_arrows_do_not_allow(name: str):
    config = tomllib.loads((HOME / name.replace(".", "/") / "ruff.toml").read_text())
    banned = {package(each) for each in config["lint"]["flake8-tidy-imports"]["banned-api"]}
    assert banned - {""} == IMPORTS.keys() - {name, *IMPORTS[name].split(), "errors", *OUTERMOST}


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


@pytest.mark.parametrize("folder", ["include/orchestrator", "include/graph_simulator", "plugins", "dev"])
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


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *files("docs", "deploy", "include", pattern="*.md")]
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """Lines of a page with their numbers, without quoted output, code and the targets of links."""
    text = FENCED.sub(lambda quoted: "\n" * quoted[0].count("\n"), page.read_text())
    for number, line in enumerate(text.split("\n"), 1):
        yield number, re.sub(r"`[^`]*`|\]\([^)]*\)", "", line)


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_narrative_words_are_rare_in_a_page(page: Path):
    found = [f"{line} {word}" for line, text in prose(page) for word in words(text) if word in NARRATIVE]
    assert len(found) <= WORDS_A_PAGE, "\n".join([relative(page), *found])


def public_names(body: list[ast.stmt]) -> Iterator[str]:
    """Public functions, classes and methods that no framework registers."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
            decorators = {ast.unparse(each).split("(")[0].split(".")[-1] for each in node.decorator_list}
            if decorators <= PLAIN_DECORATORS:
                yield node.name
            if isinstance(node, ast.ClassDef):
                yield from public_names(node.body)


def references(path: Path) -> Iterator[str]:
    """Names that a module uses, in strings too: queries, templates and Airflow name things by text.

    ``__all__`` uses nothing: it says what others may use.
    """
    tree = parsed(path)
    exported = {
        id(name)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        for name in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        if id(node) in exported:
            continue
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                yield name.split(".")[-1]
            case ast.Constant(value=str(text)) if re.fullmatch(r"[\w.:]+", text):
                yield from re.findall(r"\w+", text)


def test_no_public_function_is_dead():
    used = {name for path in modules("include", "plugins", "dags", "dev") for name in references(path)}
    used.update(*(re.findall(r"\w+", path.read_text()) for path in files("plugins", pattern="*.html")))
    dead = [
        f"{relative(path)} {name}"
        for path in modules("include", "plugins")
        for name in public_names(parsed(path).body)
        if name not in used and name not in CALLED_BY_NAME
    ]
    assert_none(dead)
