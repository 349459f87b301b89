"""The machine that figures are from, in a line."""

import os
import platform
import re
from importlib.metadata import distributions
from pathlib import Path

LIBRARIES = ("aiohttp", "discord.py", "huggingface-hub", "orjson", "redis", "slack-sdk", "uvloop")


def machine() -> str:
    """Its processors and how busy it was, Python and the libraries that count, where they are installed."""
    [model, *_] = re.findall(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE) or [
        ""
    ]
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    installed = {each.name.lower().replace("_", "-"): each.version for each in distributions()}
    libraries = ", ".join(f"{name} {installed[name]}" for name in LIBRARIES if name in installed)
    return (
        f"{os.cpu_count()} cores ({model or platform.machine()}), {gigabytes:.0f} GiB, load "
        f"{os.getloadavg()[0]:.1f} at the begin; Linux {platform.release()}, Python "
        f"{platform.python_version()}, {libraries}"
    )
