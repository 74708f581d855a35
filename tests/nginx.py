"""nginx as deploy/ has it, but for addresses and places of files: for the trial of two machines."""

import re
import subprocess
from contextlib import contextmanager

from tests.server import ROOT, started

HOST = "127.0.0.1"
TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]


@contextmanager
def running_plainly(folder, port, machine):
    """The same with one gunicorn and without https, for a test that looks at slow senders alone."""
    with running(folder, port, [machine, machine], is_secure=False):
        yield


@contextmanager
def running(folder, port, machines, is_secure=True):
    """An nginx that shares what comes to `port` between the gunicorns on those ports; its files are in `folder`."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)  # noqa: S603
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    # Not the upstream of one machine, and nothing on port 80
    site = re.sub(r"upstream reglab \{.*?\n}\n|server \{\n    listen 80;.*?\n}\n", "", site, flags=re.DOTALL)
    site = re.sub(r"listen \[::\].*\n", "", site) + (ROOT / "deploy" / "nginx-upstream.conf").read_text()
    elsewhere = {
        "10.0.0.11:8000": f"{HOST}:{machines[0]}",
        "10.0.0.12:8000": f"{HOST}:{machines[1]}",
        "listen 443": f"listen {HOST}:{port}",
        "Host $host;": "Host $http_host;",  # with the port, which isn't 443 here
        "/etc/letsencrypt/live/forslag.example.com/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/forslag.example.com/privkey.pem": str(key),
        "/var/log/nginx": str(folder),
        "/srv/reglab": str(ROOT),
    }
    for usual, here in elsewhere.items():
        site = site.replace(usual, here)
    if not is_secure:
        site = re.sub(r" ssl http2;|    ssl_.*\n", lambda found: ";" if "http2" in found[0] else "", site)
        site = site.replace("limit_conn reglab_connections 100;", "limit_conn reglab_connections 1000;")
        site = site.replace("burst=100", "burst=1000")
    site += "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in TEMPORARY)
    (folder / "nginx.conf").write_text(f"daemon off; pid {folder}/pid; events {{}}\nhttp {{\n{site}}}\n")
    with started(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"], port):
        yield
