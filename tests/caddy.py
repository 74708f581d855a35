"""Caddy as deploy/ has it, but for addresses and places of files, and without https."""

from contextlib import contextmanager

from tests.server import ROOT, started

HOST = "127.0.0.1"


def configuration(folder, port, machine):
    """The text of a Caddyfile that listens at `port`, asks the gunicorn at `machine` and logs to the folder."""
    site = (ROOT / "deploy" / "Caddyfile").read_text()
    elsewhere = {
        "\n{\n": "\n{\n\tadmin off\n",
        "\nforslag.example.com {": f"\nhttp://{HOST}:{port} {{",
        "127.0.0.1:8000": f"{HOST}:{machine}",
        "/var/log/caddy": str(folder),
        "/srv/reglab": str(ROOT),
    }
    for usual, here in elsewhere.items():
        assert usual in site
        site = site.replace(usual, here, 1)
    return site


@contextmanager
def running(folder, port, machine):
    """A Caddy that hands what comes to `port` to the gunicorn at that port; its files are in `folder`."""
    (folder / "Caddyfile").write_text(configuration(folder, port, machine))
    command = ["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
    environment = {"HOME": str(folder), "PATH": "/usr/bin"}
    with (folder / "caddy.log").open("w") as log, started(command, port, stderr=log, env=environment):
        yield
