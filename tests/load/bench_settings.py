"""The tests' settings with the pages to measure against."""

from tests.settings import *  # noqa: F403
from tests.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "tests.load.bench_urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "load" / "templates")
