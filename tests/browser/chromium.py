"""The browser that the tests drive, where there is one."""

import shutil
from importlib.util import find_spec

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""

MISSING = [
    *(() if PROGRAM else ("a Chromium (Debian: apt install chromium)",)),
    *(name for name in ("gradio", "playwright", "axe_playwright_python") if find_spec(name) is None),
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
