"""The page and what its scripts ask for and tell, for a visitor whom the gateway knows."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field

from adapters.platforms.web import controls
from adapters.platforms.web.actions import Actions, Viewer
from adapters.platforms.web.changes import changes, whole, written
from adapters.platforms.web.draw import Json, listed
from adapters.platforms.web.first_steps import StepsOnPage
from adapters.platforms.web.gateway import ASSETS, STEPS, TOLD, VISITOR, WATCH
from adapters.platforms.web.index import Index
from adapters.platforms.web.pictures import Picture, Pictures
from adapters.platforms.web.responses import HEADERS, ReceiveMessage, Scope, Send, encoded, respond
from adapters.platforms.web.translate import conversation_of
from bot.conversation.views import Notice
from bot.languages import speaker

STREAM = {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # nginx would keep it back
    **HEADERS,
}

CHUNK = 64 * 1024
"""Bytes of an event that are written at once."""

SIGN_OF_LIFE = b":\n\n"

COME_BACK = b"retry: 1000\n\n"
"""Milliseconds after which a browser that has lost the stream asks for it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """`pulse`: seconds between two signs of life on a stream."""

    actions: Actions
    pictures: Pictures
    index: Index
    pulse: float
    first_steps: StepsOnPage = field(default_factory=StepsOnPage)

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        """Answer one request, that the gateway has let through."""
        _, language, rest = (*scope["path"].split("/", 2), "")[:3]
        if language == ASSETS:
            await self.index.file(scope, send, rest)
        elif not rest:
            await self.index.page(scope, send, language)
        elif rest == WATCH:
            asked = scope["query_string"].decode("latin-1").removeprefix("conversation=")
            viewer = self.actions.viewer(scope[VISITOR], language, asked)
            await self._watch(viewer, receive, send)
        elif rest == "api/settings":
            await _json(send, await self._settings(scope, language))
        elif rest == "api/conversations":
            panel = await self.actions.panel(scope[VISITOR], language)
            sessions = panel.sessions if panel is not None else ()
            await _json(send, [listed(each, conversation_of(each.channel)) for each in sessions])
        else:
            told = {name: value for name, value in scope[TOLD].items() if isinstance(value, str)}
            if rest in STEPS:
                await _json(send, await self.first_steps.done(rest, scope[VISITOR], told))
                self.first_steps.follow()
                return
            viewer = self.actions.viewer(scope[VISITOR], language, told.get("conversation", ""))
            notice = await self._done(rest, viewer, told, scope[TOLD].get("changes"))
            said = self.pictures.notice(viewer, notice) if notice is not None else None
            await _json(send, {"conversation": viewer.conversation, "notice": said})

    async def _done(self, what: str, viewer: Viewer, told: Mapping[str, str], given: object) -> Notice | None:
        """Do what is told; what the bot says to that."""
        words, target = told.get("text", ""), told.get("target", "")
        match what:
            case "api/ask":
                return await self.actions.ask(viewer, words, told.get("id", ""))
            case "api/edit":
                return await self.actions.edit(viewer, target, words)
            case "api/press":
                return await self.actions.press(
                    viewer, told.get("verb", ""), told.get("argument", ""), target
                )
            case "api/save":
                changed = given.items() if isinstance(given, dict) else ()
                wanted = {name: value for name, value in changed if isinstance(value, str)}
                return await self.actions.save(viewer.visitor, viewer.language, wanted)
            case _:
                await self.actions.delete(viewer, viewer.conversation)
                return None

    async def _settings(self, scope: Scope, language: str) -> Json:
        """What is set, and what can be chosen; nothing while that is not known."""
        panel = await self.actions.panel(scope[VISITOR], language)
        return None if panel is None else asdict(controls.values(panel, speaker(language)))

    async def _watch(self, viewer: Viewer, receive: ReceiveMessage, send: Send) -> None:
        """What stands in a conversation, then whatever changes there, until the page is left."""
        await send({"type": "http.response.start", "status": 200, "headers": encoded(STREAM)})
        await _chunk(send, COME_BACK)
        tasks = [
            asyncio.create_task(each)
            for each in (self._tell(viewer, send), self._beat(send), _leaving(receive))
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, viewer: Viewer, send: Send) -> None:
        before: Picture | None = None
        async with aclosing(self.pictures.show(viewer)) as pictures:
            async for picture in pictures:
                change = whole(picture) if before is None else changes(before, picture)
                before = picture
                if change:
                    await _event(send, change)

    async def _beat(self, send: Send) -> None:
        while True:
            await asyncio.sleep(self.pulse)
            await _chunk(send, SIGN_OF_LIFE)


async def _chunk(send: Send, content: bytes) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": True})


async def _event(send: Send, change: Mapping[str, Json]) -> None:
    """One event; where it is long, others have their turn meanwhile."""
    waiting = bytearray(b"data: ")
    for piece in written(change):
        waiting += piece
        if len(waiting) > CHUNK:
            await _chunk(send, bytes(waiting))
            await asyncio.sleep(0)
            waiting.clear()
    await _chunk(send, bytes(waiting + b"\n\n"))


async def _leaving(receive: ReceiveMessage) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _json(send: Send, answer: Json) -> None:
    headers = {"content-type": "application/json", "cache-control": "no-store", **HEADERS}
    content = json.dumps(answer, ensure_ascii=False).encode(errors="replace")
    await respond(send, 200, content, headers)
