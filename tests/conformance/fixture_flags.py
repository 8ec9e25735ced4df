"""The flags that a model function reads, and every combination of them; Python 3.7 and later."""

from __future__ import print_function


class Flags(object):
    """All combinations of the flags that one function reads, depth first."""

    def __init__(self):
        self._trail = []
        self._at = 0
        self._values = {}

    def begin(self):
        self._at = 0
        self._values = {}

    def read(self, name):
        if name not in self._values:
            if self._at == len(self._trail):
                self._trail.append(False)
            self._values[name] = self._trail[self._at]
            self._at += 1
        return self._values[name]

    def current(self):
        return dict(self._values)

    def advance(self):
        """Advance to the next combination; False if there is none."""
        del self._trail[self._at :]
        while self._trail and self._trail[-1]:
            self._trail.pop()
        if not self._trail:
            return False
        self._trail[-1] = True
        return True


class Params(dict):
    """``params`` whose values are flags."""

    def __init__(self, flags):
        super(Params, self).__init__(batch_size=8)
        self._flags = flags

    def __missing__(self, name):
        return self._flags.read(name)

    def __contains__(self, name):
        return True

    def get(self, name, default=None):
        if default is None or isinstance(default, bool):
            return self[name]
        return default


def fresh():
    flags = Flags()
    flags.begin()
    return flags
