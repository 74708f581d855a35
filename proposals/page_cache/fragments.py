"""What pages are made of, kept in the memory of a process: for as long as the data are the same, or for ever.

`drawn` keeps what depends on nothing but its own values; KeptParts keep what was read from the database, under the
version of the data (models.content_version).
"""

from collections import OrderedDict
from functools import lru_cache
from threading import Lock

from django.template.loader import get_template

MOST_DRAWN = 600


def draw(template, thing):
    """The HTML of `thing` by a template of which it is `it`."""
    return get_template(template).render({"it": thing})


@lru_cache(MOST_DRAWN)
def drawn(template, thing):
    """The same for a frozen dataclass of plain values, drawn once.

    The same values look the same whatever else has changed, so this needs no version. Not for what strangers can make
    as long as they like.
    """
    return draw(template, thing)


class KeptParts:
    """`most` values by key, those used last. They are shared between threads, so nobody may change one."""

    def __init__(self, most):
        self.most = most
        self._values = OrderedDict()
        self._lock = Lock()

    def get(self, key):
        """The value of `key`; None when it isn't kept."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def keep(self, key, value):
        with self._lock:
            self._values[key] = value
            if len(self._values) > self.most:
                self._values.popitem(last=False)

    def made(self, key, make):
        """The value of `key`, by make() when it isn't kept."""
        value = self.get(key)
        if value is None:
            value = make()
            self.keep(key, value)
        return value


class Latest:
    """The KeptParts of this process under the latest name; what was kept under another is forgotten."""

    def __init__(self, most):
        self.most = most
        self._named = (None, KeptParts(most))

    def under(self, name):
        named = self._named  # the pair is exchanged whole, so no thread gets the parts of another name
        if named[0] != name:
            named = self._named = (name, KeptParts(self.most))
        return named[1]
