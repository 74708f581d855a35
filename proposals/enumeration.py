"""Several things in a Swedish sentence."""


def enumerate_names(names):
    """”A, B och C” of names or objects; "" of none."""
    *others, last = [str(name) for name in names] or [""]
    return f"{', '.join(others)} och {last}" if others else last
