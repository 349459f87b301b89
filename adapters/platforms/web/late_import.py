"""A package that is imported when something of it is used, for one that a library imports and hardly uses.

`importlib.util.LazyLoader` is of no use there: before Python 3.14 the import statement itself is a use.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class LateImport(ModuleType):
    """Stands in `sys.modules` for a package until something of it is used."""

    def __getattr__(self, name: str) -> Any:
        """What the package has of that name; it is imported now."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        package = import_module(self.__name__)
        self.__dict__.update(vars(package))
        return getattr(package, name)


def import_late(name: str) -> None:
    """Let whoever imports that package from now on wait for it only when they use it."""
    spec = find_spec(name) if name not in sys.modules else None
    if spec is not None:
        late = LateImport(name)
        # What is asked of each module in turn, by whoever looks for one, is no use.
        late.__spec__, late.__file__ = spec, spec.origin
        sys.modules[name] = late
