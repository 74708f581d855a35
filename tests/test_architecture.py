"""The rooms and their levels: a module imports only from lower levels, so that nothing runs in circles."""

import ast
from graphlib import TopologicalSorter

import pytest
from django.conf import settings

pytestmark = pytest.mark.any_database

ROOT = settings.BASE_DIR
# From the bottom up; docs/architecture.md tells what is in each
LEVELS = [
    ["text_input"],
    ["search", "richtext", "sections", "enumeration"],
    ["models"],
    ["history", "page_cache", "throttle"],
    ["emails", "templatetags.proposal_texts"],
    ["workflow"],
    ["submission", "public"],
    ["booklet"],
    ["templatetags.booklet_links"],
    ["importing"],
    ["admin", "management"],
    ["apps", "urls"],
]
NAMELESS = {"utils", "helpers", "common", "services", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 250, 30  # lines


def modules(*folders):
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in paths if "migrations" not in path.parts)


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    """The dotted names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rank(name):
    """The level of a module by its dotted name."""
    parts = name.split(".")
    room = ".".join(parts[1:3]) if parts[1] == "templatetags" and parts[2:] else parts[1]
    return next(number for number, rooms in enumerate(LEVELS) if room in rooms)


def test_modules_import_only_from_lower_levels():
    """And the product nothing of the project."""
    for path in modules("proposals"):
        name = name_of(path)
        for other in imported(path):
            assert not other.startswith("reglab"), f"{name} imports {other}"
            if name != "proposals" and other.startswith("proposals.") and other.split(".")[1] != name.split(".")[1]:
                assert rank(other) < rank(name), f"{name} imports {other}"


def test_migrations_import_nothing_that_changes():
    """But what Django compares with the models' own: an ordering and a validator, both pure."""
    pure = {"proposals.models.collation", "proposals.models.region"}
    for path in (ROOT / "proposals" / "migrations").glob("*.py"):
        ours = {name for name in imported(path) if name.startswith(("proposals.", "reglab."))}
        assert {name for name in ours if not name.startswith("proposals.migrations.")} <= pure, path


def test_no_imports_run_in_a_circle():
    names = {name_of(path): path for path in modules("proposals", "reglab")}
    graph = {}
    for name, path in names.items():
        found = {other if other in names else other.rpartition(".")[0] for other in imported(path)}
        graph[name] = (found & names.keys()) - {name}
    list(TopologicalSorter(graph).static_order())  # raises CycleError


def test_only_the_workflow_writes_a_status():
    """Neither by attribute nor by update() or create(); the model's own field and fixtures aside."""
    for path in modules("proposals", "reglab"):
        if path.parent.name == "workflow" and path.stem == "transition":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                assert "status" not in {getattr(target, "attr", "") for target in targets}, path
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"update", "create", "bulk_create"}:
                assert "status" not in {keyword.arg for keyword in node.keywords}, path


def test_only_emails_sends_mail():
    senders = {name_of(path) for path in modules("proposals", "reglab") if "django.core.mail" in path.read_text()}
    assert {name.split(".")[1] for name in senders} == {"emails"}


def test_files_and_functions_are_short_and_named_after_what_is_in_them():
    for path in modules("proposals", "reglab"):
        text = path.read_text()
        assert path.stem not in NAMELESS
        assert text.count("\n") <= LONGEST_FILE, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < LONGEST_FUNCTION, f"{path}: {node.name}"


def test_the_top_level_is_what_it_is_agreed_to_be():
    agreed = "manage.py reglab proposals templates static fixtures tests requirements.txt README.md Makefile"
    agreed += " pyproject.toml requirements-dev.txt LICENSE CONTRIBUTING.md CHANGELOG.md docs deploy var"
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= set(agreed.split())
