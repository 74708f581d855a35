"""gunicorn for one machine; `make run` starts it like this."""

import ctypes
import gc
import sys
from contextlib import suppress

from gunicorn.glogging import Logger


class NamelessLogger(Logger):
    """gunicorn's own lines; of a request only the kind of fault, because they quote its address and its sender's."""

    def warning(self, msg, *args, **kwargs):
        if fault := sys.exception():
            msg, args = "A request was refused: %s", [type(fault).__name__]
        super().warning(msg, *args, **kwargs)

    def exception(self, msg, *args, **kwargs):
        self.error("A request failed: %s", type(sys.exception()).__name__)


logger_class = NamelessLogger
wsgi_app = "reglab.wsgi"
workers = 2
# Threads, so that a slow reader on a train doesn't occupy a worker, and so that many can wait to send in
threads = 64
# However long an address somebody sends, the answer is a page of ours
limit_request_line = 0
# Loading once, before the workers are forked, makes a wrong setting one line instead of a line a worker
preload_app = True
# It would be made in the home directory of whoever starts the server
control_socket_disable = True
# No header of a request may say where the site begins
forwarder_headers = ""
# Longer than the proxy in front keeps its connections to us, so that none is closed just as a request comes over it
keepalive = 75


def when_ready(server):
    """Before the workers are forked: let them go on sharing what is loaded, which costs a quarter less memory."""
    gc.collect()
    gc.freeze()


# Large blocks of memory go back to the system when they are free; else each thread keeps what the longest text took
# that it ever read. This is M_MMAP_THRESHOLD of Debian's C library.
with suppress(AttributeError):
    ctypes.CDLL(None).mallopt(-3, 256 * 1024)
