"""What is asked for beside the page and before anybody logs in: by browsers its icon and its manifest, by
whoever watches over the bot whether it is alive.
"""

import json
from collections.abc import Mapping

from adapters.platforms.web.assets import asset

MANIFEST = {
    "name": "Mixtral",
    "start_url": "/",
    "display": "browser",
    "icons": [{"src": "/favicon.ico", "sizes": "any", "type": "image/svg+xml"}],
}


def unasked() -> Mapping[str, tuple[str, bytes]]:
    """The kind and the content of each, by its path."""
    return {
        "/favicon.ico": ("image/svg+xml", asset("icon.svg").encode()),
        "/healthz": ("application/json", json.dumps({"alive": True}).encode()),
        "/manifest.json": ("application/manifest+json", json.dumps(MANIFEST).encode()),
    }
