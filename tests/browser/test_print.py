"""On paper a proposal is one tidy page."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.any_database]


def test_each_of_the_28_is_printed_on_one_page(site, live_server):
    for number in range(1, 29):
        site.goto(f"{live_server.url}/forslag/2024-09-18/{number}/")
        pages = re.findall(rb"/Type\s*/Page\b", site.pdf(prefer_css_page_size=True))
        assert len(pages) == 1, number
