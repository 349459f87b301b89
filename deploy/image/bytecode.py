"""Compiles what a bot that runs imports, by importing it, and nothing else: all of it would be 100 MB.

`make run` does so, too.
Where the image can't be written to, what is not compiled here is compiled at every start.
"""

import importlib
from importlib.util import find_spec

from adapters.platforms import PLATFORMS

modules = ["adapters.main", "adapters.composition", "adapters.operator.doctor.doctor"]
modules += [platform.build.partition(":")[0] for platform in PLATFORMS]
if find_spec("uvicorn"):
    modules += ["adapters.platforms.web.server", "adapters.platforms.web.index"]
for module in modules:
    importlib.import_module(module)
