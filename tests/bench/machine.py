"""The machine that figures are from, in a line."""

import os
import platform
import re
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("aiohttp", "discord.py", "huggingface-hub", "redis", "slack-sdk")


def machine() -> str:
    """Its processors and how busy it was, Python and the libraries that count."""
    [model, *_] = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE) or [
        ""
    ]
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    uvloop = f", uvloop {version('uvloop')} is installed" if find_spec("uvloop") else ""
    return (
        f"{os.cpu_count()} cores ({model or platform.machine()}), {gigabytes:.0f} GiB, load "
        f"{os.getloadavg()[0]:.1f} at the begin; Linux {platform.release()}, Python "
        f"{platform.python_version()}, {libraries}{uvloop}"
    )
