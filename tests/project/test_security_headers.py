"""What every answer tells the browser, whoever gives it: a page, a cached page, a file, a redirect, a fault."""

import re

import pytest
from django.conf import settings as site
from django.test import Client

from tests.addresses import METHODS, address, routes

POLICIES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CSP = {
    **dict.fromkeys(["default-src", "script-src", "style-src", "form-action"], "'self'"),
    **dict.fromkeys(["object-src", "base-uri", "frame-ancestors"], "'none'"),
    "img-src": "'self' data:",
}
BANNERS = {"Server", "X-Powered-By", "Via"}


@pytest.fixture
def visitor(db):
    return Client(raise_request_exception=False)


@pytest.fixture
def https(settings):
    """The settings of a site with https, see reglab.settings."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_SSL_HOST = "testserver"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True


def faults(response):
    """What is missing or wrong, by header."""
    headers = dict(response.items())
    wrong = {name: headers.get(name) for name, value in POLICIES.items() if headers.get(name) != value}
    csp = headers.get("Content-Security-Policy", "")
    rules = dict(rule.strip().split(" ", 1) for rule in csp.split(";") if rule.strip())
    if rules != CSP:
        wrong["Content-Security-Policy"] = csp
    if not {"camera=()", "geolocation=()", "microphone=()"} <= set(headers.get("Permissions-Policy", "").split(", ")):
        wrong["Permissions-Policy"] = headers.get("Permissions-Policy")
    return wrong | {name: headers[name] for name in BANNERS & set(headers)}


@pytest.mark.parametrize("role", ["stranger", "superuser"])
def test_every_address_answers_with_all_of_them(visitor, things, role):
    wrong = {}
    for name, route in routes().items():
        if role == "superuser":
            visitor.force_login(things["user"])
        for method in ("GET", "POST", "OPTIONS") if role == "stranger" else ("GET",):
            if found := faults(visitor.generic(method, address(route, things, things["proposal"].edit_key))):
                wrong[name, method] = found
    assert wrong == {}


def test_so_do_cached_pages_and_those_that_have_not_changed(visitor, things):
    for path in ("/", things["published"].get_absolute_url(), "/moten/"):
        first = visitor.get(path)
        assert faults(visitor.get(path)) == {}
        same = visitor.get(path, headers={"If-None-Match": first["ETag"]})
        assert (same.status_code, faults(same)) == (304, {})


def test_so_do_static_files_and_those_that_are_not_there(visitor, settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    for path, status in {"/static/favicon.svg": 200, "/static/nothing.css": 404}.items():
        response = visitor.get(path)
        assert (response.status_code, faults(response)) == (status, {})
        response.close()


def test_so_do_faults(visitor, settings, typed):
    settings.ROOT_URLCONF = "tests.failing_urls"
    faulty = [
        visitor.get("/", headers={"Host": "example.org"}),
        visitor.get("/finns-inte/"),
        visitor.get("/fault/"),
        visitor.get("/no-room/"),
        visitor.post("/forslag/nytt/", {"background": "x" * 3_000_000}),
        visitor.post("/om/"),
        Client(enforce_csrf_checks=True).post("/forslag/andra/", {"email": "anna@example.com"}),
    ]
    assert [response.status_code for response in faulty] == [400, 404, 500, 503, 413, 405, 403]
    assert [faults(response) for response in faulty] == [{}] * len(faulty)


@pytest.mark.usefixtures("https")
def test_with_https_everything_is_led_there_even_under_a_wrong_name(visitor):
    for host in ("testserver", "example.org"):
        response = visitor.get("/om/?a=b", headers={"Host": host})
        assert (response.status_code, response["Location"]) == (301, "https://testserver/om/?a=b")
        assert faults(response) == {}


@pytest.mark.usefixtures("https")
def test_with_https_the_browser_is_told_to_use_only_https(visitor, things):
    for path in ("/", "/", "/flode.xml", "/finns-inte/", "/admin/", "/static/nothing.css"):
        response = visitor.get(path, secure=True)
        assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" in visitor.get("/", secure=True, headers={"Host": "example.org"})


@pytest.mark.usefixtures("https", "free_slots")
def test_cookies_go_over_https_only_to_this_site_and_not_to_scripts(visitor, settings, typed):
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    visitor.get("/forslag/nytt/", secure=True)
    visitor.post("/forslag/nytt/", typed, secure=True)
    assert set(visitor.cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for cookie in visitor.cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_nothing_in_a_page_needs_a_permission_that_is_denied(visitor):
    """Of what scripts of ours ask for only copying needs a permission, and that one isn't denied."""
    scripts = "".join(path.read_text() for path in (site.BASE_DIR / "static" / "js").glob("*.js"))
    assert set(re.findall(r"navigator\.(\w+)", scripts)) == {"clipboard"}
    assert "clipboard" not in visitor.get("/om/")["Permissions-Policy"]


def test_a_method_that_is_not_understood_tells_which_are(visitor, db):
    assert {visitor.generic(method, "/om/")["Allow"] for method in METHODS[2:]} == {"GET, HEAD"}
