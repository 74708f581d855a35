"""Requests that no browser would send: odd methods, addresses, headers and bodies, the same ones for the same seed."""

import io
import json
import random
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.addresses import METHODS, address, routes

SECRET = "c" * 32  # of the form, in the cookie as well: without it nothing posted is looked at
BOUNDARY = "grans"

PIECES = json.loads(Path(__file__).with_suffix(".json").read_text())
WORDS = [*PIECES["words"], "9" * 400, "å" * 300, "a" * 10_000]
LONG_HEADERS = {"HTTP_COOKIE": "a" * 5000, "HTTP_IF_NONE_MATCH": "x" * 3000, "HTTP_USER_AGENT": "x" * 9000}
LONG_HEADERS |= {"HTTP_REFERER": f"http://testserver/?{'a=b&' * 400}", "HTTP_ACCEPT_LANGUAGE": "a" * 600}
HEADERS = {name: [*values, LONG_HEADERS.get(name, "")] for name, values in PIECES["headers"].items()}
HEADERS |= {"HTTP_X_CSRFTOKEN": ["x", SECRET], "CONTENT_TYPE": PIECES["types"]}
ODD_METHODS = [*METHODS, "TRACE", "PROPFIND", "get", "X" * 50]


class OddRequests:
    """Makes WSGI environments about the things; `cookie` is that of somebody who is signed in."""

    def __init__(self, things, seed, cookie=""):
        self.random = random.Random(seed)  # noqa: S311 (the same ones each time, on purpose)
        self.things = things
        self.cookies = f"csrftoken={SECRET}; {cookie}"
        public = [route for route in routes().values() if not route.startswith("admin/")]
        desk = [route for route in routes().values() if route.startswith("admin/")]
        # A stranger gets nowhere at the desk
        self.routes = public + desk if cookie else public * 20 + desk

    def make(self):
        """One environment and its body."""
        body, content_type = self._body()
        environ = {
            "REQUEST_METHOD": self._mostly("GET", "POST", of=ODD_METHODS),
            "PATH_INFO": self._path().encode("utf-8", "surrogatepass").decode("latin-1"),
            "QUERY_STRING": self._query(),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "HTTP_COOKIE": self.cookies,
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        }
        for name in self.random.sample(list(HEADERS), self.random.choice([0, 0, 1, 2, 5])):
            environ[name] = self.random.choice(HEADERS[name])
        return environ

    def _mostly(self, *usual, of):
        return self.random.choice(usual if self.random.random() < 0.8 else of)

    def _word(self):
        pick = self.random.random()
        if pick < 0.3:
            return str(self.random.choice(list(self.things.values())).pk)
        if pick < 0.4:
            return "".join(chr(self.random.randrange(0x3000)) for _ in range(self.random.randrange(12)))
        return self.random.choice(WORDS)

    def _path(self):
        route = self.random.choice(self.routes)
        whole = address(route, self.things, self.things["proposal"].edit_key)
        if self.random.random() < 0.7:
            return whole
        parts = whole.split("/")
        parts[self.random.randrange(len(parts))] = self._word()
        return "/" + "/".join(parts).lstrip("/")

    def _pairs(self, most):
        return [(self.random.choice(PIECES["names"]), self._word()) for _ in range(self.random.randrange(most))]

    def _query(self):
        whole = urlencode(self._pairs(4), errors="surrogatepass")
        return whole + self.random.choice(["", "", "", "&%ED%A0%80=%FF", "&&=;", "&q=%zz", "&" + "a=b&" * 1200])

    def _body(self):
        pairs = [*self._pairs(12), ("csrfmiddlewaretoken", SECRET)]
        kind = self.random.random()
        if kind < 0.7:
            return urlencode(pairs, errors="surrogatepass").encode(), "application/x-www-form-urlencoded"
        if kind < 0.85:
            return self._parts(pairs), f"multipart/form-data; boundary={BOUNDARY}"
        if kind < 0.9:
            return json.dumps(dict(pairs)).encode(), "application/json"
        return self.random.randbytes(self.random.randrange(300)), self.random.choice(PIECES["types"])

    def _parts(self, pairs):
        """A multipart body, now and then with an odd part or cut off."""
        heads = [f'form-data; name="{quote(name)}"' for name, _ in pairs]
        heads[0] = self.random.choice([heads[0], *PIECES["parts"]])
        heads = [f"Content-Disposition: {head}\r\n{self.random.choice(PIECES['part_headers'])}" for head in heads]
        body = "".join(f"--{BOUNDARY}\r\n{head}\r\n{value}\r\n" for head, (_, value) in zip(heads, pairs, strict=True))
        whole = f"{body}--{BOUNDARY}--\r\n".encode("utf-8", "surrogatepass")
        return whole if self.random.random() < 0.8 else whole[: self.random.randrange(len(whole))]
