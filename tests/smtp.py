"""Mail servers on this machine: one that keeps what it is sent, one that refuses, one that hangs."""

import email
import socket
from contextlib import contextmanager
from email import policy

from aiosmtpd.controller import Controller


class Sink:
    """Keeps what it is sent, but for one address that it may refuse."""

    def __init__(self):
        self.messages = []
        self.refused = None
        self.refusal = "550 no such user"
        self.answer = "250 OK"  # to what a mail says

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refused:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer != "250 OK":
            return self.answer
        parsed = email.message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append((envelope.mail_from, envelope.rcpt_tos, parsed))
        return "250 OK"


@contextmanager
def sink():
    """A server that takes mail: gives its Sink, host and port."""
    kept = Sink()
    with socket.create_server(("127.0.0.1", 0)) as free:
        host, port = free.getsockname()
    controller = Controller(kept, hostname=host, port=port)
    controller.start()
    try:
        yield kept, host, port
    finally:
        controller.stop()


@contextmanager
def hanging():
    """A server that takes the connection and never says anything: gives host and port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def refusing():
    """Host and port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()
