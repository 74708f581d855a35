"""What pages are made of, kept in the memory of a process: for as long as the data are the same, or for ever.

`drawn` keeps what depends on nothing but its own values; `KeptParts` keeps what was read from the database, under the
version of the data (models.data_version).
"""

from collections import OrderedDict
from functools import lru_cache
from threading import Lock

from django.template.loader import get_template

MOST_PARTS = 200
MOST_DRAWN = 4_000


@lru_cache(MOST_DRAWN)
def drawn(template, thing):
    """The HTML of `thing`, a frozen dataclass of plain values, by a template of which it is `it`.

    Drawn once: the same values look the same whatever else has changed, so this needs no version.
    """
    return get_template(template).render({"it": thing})


class KeptParts:
    """Values by key; beyond MOST_PARTS the one unused for longest gives way."""

    def __init__(self):
        self._values = OrderedDict()
        self._lock = Lock()

    def get(self, key, make):
        """The value of `key`, by make() when it isn't kept. It is shared between threads: nobody may change it."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            if len(self._values) > MOST_PARTS:
                self._values.popitem(last=False)
        return value


_latest = (None, None)


def parts_of(version):
    """The KeptParts of this process under that version of the data; those of another version are forgotten."""
    global _latest  # noqa: PLW0603 (one pair, exchanged whole)
    if _latest[0] != version:
        _latest = (version, KeptParts())
    return _latest[1]
