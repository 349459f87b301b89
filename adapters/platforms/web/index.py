"""The page as it comes to a browser: its HTML with what it says, its scripts, styles and fonts."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from adapters.platforms.web import controls, limits
from adapters.platforms.web.assets import FOLDER, asset
from adapters.platforms.web.draw import Json
from adapters.platforms.web.policy import PAGE_POLICY
from adapters.platforms.web.responses import HEADERS, Scope, Send, headers_of, respond, text
from bot.languages import Say, speaker

KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff2": "font/woff2",
}
"""What is given out, by the end of its name."""

PACKED = (".js", ".css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file as it is sent; `packed`: with gzip, where that is shorter."""

    kind: str
    content: bytes
    packed: bytes


def _assets() -> Mapping[str, Asset]:
    return {
        file.relative_to(FOLDER).as_posix(): _asset(file)
        for file in sorted(FOLDER.rglob("*"))
        if file.suffix in KINDS
    }


def _asset(file: Path) -> Asset:
    content = file.read_bytes()
    packed = gzip.compress(content, mtime=0) if file.suffix in PACKED else b""
    return Asset(kind=KINDS[file.suffix], content=content, packed=packed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`named`: people have to log in, and can log out; `history_days`: how long is kept what they ask;
    `first_steps`: whoever runs the bot can give it a model here."""

    named: bool
    history_days: int
    first_steps: bool = False
    assets: Mapping[str, Asset] = field(default_factory=_assets)

    @property
    def mark(self) -> str:
        """What changes with any of the files: a browser keeps those that it has until then."""
        whole = hashlib.sha256()
        for name, each in self.assets.items():
            whole.update(name.encode() + b"\0" + each.content)
        return whole.hexdigest()[:16]

    async def page(self, scope: Scope, send: Send, language: str) -> None:
        """The HTML in that language."""
        say = speaker(language)
        told = json.dumps(self._told(say), ensure_ascii=False).replace("<", "\\u003c")
        content = asset("page.html").format(
            language=language, base=f"/assets/{self.mark}", told=told, title=escape(say("home_title"))
        )
        headers = {
            **HEADERS,
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": PAGE_POLICY,
            "cache-control": "no-store",
        }
        await _send(scope, send, content.encode(), gzip.compress(content.encode(), 6), headers)

    async def file(self, scope: Scope, send: Send, path: str) -> None:
        """One of the files, by its path behind `/assets/`."""
        mark, _, name = path.partition("/")
        found = self.assets.get(name) if mark == self.mark else None
        if found is None:
            await text(send, 404, "There is nothing here.")
            return
        kept = {"content-type": found.kind, "cache-control": "private, max-age=31536000, immutable"}
        await _send(scope, send, found.content, found.packed, {**HEADERS, **kept})

    def _told(self, say: Say) -> Json:
        """What the scripts have to know: the page's phrases, and the settings with their ranges."""
        phrases = say.language.phrases.items()
        return {
            "language": say.language.tag,
            "named": self.named,
            "steps": self.first_steps,
            "kept": say("web_welcome_what", kept=say("kept_days", count=self.history_days)),
            "longest": limits.QUESTION_LENGTH,
            "say": {
                **{name: phrase for name, phrase in phrases if name.startswith("web_")},
                **{name: say(name) for name in ("home_title", "button_stop", "button_copy")},
                **{name: say(name) for name in ("form_save", "form_cancel", "reason_label", "reason_title")},
            },
            "settings": controls.table(say),
        }


async def _send(scope: Scope, send: Send, content: bytes, packed: bytes, headers: Mapping[str, str]) -> None:
    if packed and "gzip" in headers_of(scope).get("accept-encoding", ""):
        await respond(send, 200, packed, {**headers, "content-encoding": "gzip", "vary": "accept-encoding"})
    else:
        await respond(send, 200, content, headers)
