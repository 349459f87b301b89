"""What every request has to be, before anybody looks at what it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.platforms.web.limits import NAME_LENGTH, PATH_LENGTH
from adapters.platforms.web.responses import App, ReceiveMessage, Scope, Send, headers_of, text
from adapters.platforms.web.site import Site

METHODS = ("GET", "HEAD", "POST")

PATH = re.compile(r"(/[^/\x00-\x1f\x7f]*)+")

MINE = ("same-origin", "none")
"""What browsers say in `Sec-Fetch-Site` of a page's own requests, and of an address that somebody typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Stands before `app`, which learns from the scope where a request really comes from."""

    app: App
    site: Site

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = headers_of(scope)
        if not self.site.named(headers.get("host", "")):
            await text(send, 421, "There is no page of this name here. Its operator can name it: WEB_URL.")
        elif not _path(scope["path"]):
            await text(send, 404, "There is nothing here.")
        elif scope["method"] not in METHODS:
            await text(send, 405, "That can't be done here.", {"allow": ", ".join(METHODS)})
        elif scope["method"] == "POST" and not _from_here(headers):
            await text(send, 403, "Another site may not do that here.")
        else:
            await self.app(self._seen(scope, headers), receive, send)

    def _seen(self, scope: Scope, headers: Mapping[str, str]) -> Scope:
        client = scope.get("client") or ("", 0)
        peer, scheme = self.site.seen(str(client[0]), headers)
        over = "https" if self.site.https else scheme or scope["scheme"]
        return {**scope, "client": (peer, client[1]), "scheme": over}


def _path(path: str) -> bool:
    """Whether there can be anything of this name: a file system fails where a name is longer than its own."""
    short = len(path) <= PATH_LENGTH and all(len(name) <= NAME_LENGTH for name in path.split("/"))
    return short and PATH.fullmatch(path) is not None


def _from_here(headers: Mapping[str, str]) -> bool:
    """Whether a page of ours sends this, as far as its browser says: programs that are none say nothing, and
    browsers say where they are only over https and on this machine."""
    if (site := headers.get("sec-fetch-site")) is not None:
        return site in MINE
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == headers.get("host", "")
    except ValueError:
        return False
