"""The rooms and their levels: a module imports only from lower levels, so that nothing runs in circles."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

APP = settings.BASE_DIR / "proposals"
LEVELS = [
    [
        "admin_addresses",
        "alphabet",
        "booklet",
        "diff",
        "fields",
        "kept_parts",
        "policies",
        "richtext",
        "request_log",
        "search",
    ],
    ["models"],
    ["templatetags", "stats", "desk", "versions", "compilation", "exports", "health", "posted", "throttle"],
    ["emails", "bindery", "backup", "turns"],
    ["workflow", "retention", "body_limit"],
    ["forms", "filters", "delivery", "kept_pages", "doctor", "sign_in"],
    ["entry", "importing"],
    ["views", "admin", "admin_site", "management", "apps", "feeds"],
    ["urls"],
]
# Within models: a proposal knows what it refers to, never the other way round
MODELS = [
    [
        "booklet_file",
        "key",
        "meeting",
        "region",
        "target_group",
        "former_address",
        "word",
        "synonym",
        "missed_query",
        "rate_limit",
        "joined",
        "status",
        "gap",
        "history",
        "import_preview",
    ],
    ["contact", "proposal_history", "link_key"],
    ["proposal_contact", "late_link", "likeness", "data_version"],
    ["mail"],
    ["indexed"],
    ["searchable"],
    ["proposal_queryset"],
    ["proposal"],
    ["__init__"],
]
NAMELESS = {"utils", "helpers", "common", "services", "misc"}


def modules():
    return sorted(path for path in APP.rglob("*.py") if "migrations" not in path.parts)


def imported(path):
    """The names below `proposals` that the module imports, as tuples of their parts."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (tuple(name.split(".")[1:]) for name in names if name.split(".")[0] == "proposals")


def level(room, levels):
    return next(number for number, rooms in enumerate(levels) if room in rooms)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_module_imports_only_from_lower_levels(path):
    room = path.relative_to(APP).parts[0].removesuffix(".py")
    if room == "__init__":
        assert not list(imported(path))
        return
    for name in imported(path):
        if name[0] != room:
            assert level(name[0], LEVELS) < level(room, LEVELS), f"{room} imports {name[0]}"


@pytest.mark.parametrize("path", sorted((APP / "models").glob("*.py")), ids=lambda path: path.stem)
def test_models_refer_in_one_direction(path):
    for name in imported(path):
        if name[0] == "models":
            assert level(name[1], MODELS) < level(path.stem, MODELS), f"{path.stem} imports {name[1]}"


def test_no_module_is_named_after_nothing():
    assert not {path.stem for path in modules()} & NAMELESS


def test_only_the_workflow_writes_a_status():
    """Neither by attribute nor by update() or create(); the model's own field and fixtures aside."""
    for path in modules():
        if path == APP / "workflow" / "step.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                assert not any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets), (
                    path
                )
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"update", "create", "bulk_create"}:
                assert "status" not in {keyword.arg for keyword in node.keywords}, path


def test_only_emails_sends_mail():
    senders = {path.relative_to(APP).parts[0] for path in modules() if "django.core.mail" in path.read_text()}
    assert senders == {"emails"}


def test_the_top_level_is_what_it_is_agreed_to_be():
    agreed = {
        *(
            "manage.py",
            "reglab",
            "proposals",
            "templates",
            "static",
            "fixtures",
            "tests",
            "requirements.txt",
            "README.md",
        ),
        *("Makefile", "pyproject.toml", "requirements-dev.txt", "LICENSE", "docs", "deploy"),
    }
    assert {path.name for path in Path(settings.BASE_DIR).iterdir() if not path.name.startswith(".")} - {
        "var"
    } <= agreed
