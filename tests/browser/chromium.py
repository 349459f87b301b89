"""The browser that the tests drive, where there is one."""

import shutil
from importlib.util import find_spec

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same without windows of its own, which take a third more of the processor's time."""

PROGRAM = next(filter(None, map(shutil.which, NAMES)), "")

MISSING = [
    *(() if PROGRAM else ("a Chromium (Debian: apt install chromium-headless-shell)",)),
    *(name for name in ("uvicorn", "playwright", "axe_playwright_python") if find_spec(name) is None),
]
"""What has to be installed before the tests can run."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
