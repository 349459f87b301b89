"""A page that somebody has open, without a browser: what they do goes in, what stands on it comes out."""

import asyncio
import re
from collections.abc import Awaitable
from html import unescape
from typing import Self

from adapters.platforms.web.actions import Actions
from adapters.platforms.web.pictures import Listeners, Picture, Pictures, Showing
from adapters.platforms.web.visitors import Visitor
from bot.conversation.views import Notice
from bot.ports import Bot

ADA = Visitor(browser="ada", address="10.0.0.1")
BOB = Visitor(browser="bob", address="10.0.0.2")


class OpenPage:
    """One tab of `visitor`, who looks at `conversation`, until the block ends."""

    def __init__(
        self,
        bot: Bot,
        listeners: Listeners,
        *,
        visitor: Visitor = ADA,
        conversation: str = "c1",
        language: str = "en",
    ) -> None:
        self.actions = Actions(receive=bot.receive)
        self.pictures = Pictures(
            bot=bot, actions=self.actions, listeners=listeners, history_days=30, pulse=60
        )
        self.viewer = self.actions.viewer(visitor, language, conversation)
        self.picture: Picture | None = None
        self.drawn = 0
        self._showing = Showing(viewer=self.viewer)
        self._drawing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._drawing = asyncio.create_task(self._draw(self._showing))
        await settled()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._showing.left.set()
        if self._drawing is not None:
            await self._drawing

    async def does(self, action: Awaitable[Notice | None]) -> None:
        """Do something, and show what comes of it."""
        notice = await action
        earlier, self._showing = self._drawing, self._showing.then(self.viewer, notice)
        self._drawing = asyncio.create_task(self._draw(self._showing))
        if earlier is not None:
            await earlier
        await settled()

    async def asks(self, text: str) -> None:
        await self.does(self.actions.ask(self.viewer, text))

    async def presses(self, verb: str, argument: str = "") -> None:
        """A button below the latest answer."""
        questions = re.findall(r'data-edits="([^"]+)"', self._html)
        await self.does(self.actions.press(self.viewer, verb, argument, questions[-1] if questions else ""))

    async def edits(self, text: str) -> None:
        """The latest question."""
        target = re.findall(r'data-edits="([^"]+)"', self._html)[-1]
        await self.does(self.actions.edit(self.viewer, target, text))

    @property
    def questions(self) -> list[str]:
        return self._bodies("user")

    @property
    def answers(self) -> list[str]:
        return self._bodies("bot")

    @property
    def notice(self) -> str:
        return "\n".join(self._bodies("notice"))

    @property
    def listed(self) -> list[str]:
        """The conversations in the side bar."""
        html = self.picture.conversations if self.picture is not None else ""
        return [unescape(each) for each in re.findall(r'class="entry"[^>]*>([^<]*)<', html)]

    @property
    def buttons(self) -> list[str]:
        """What can be done with the latest answer, by verb."""
        return re.findall(r'data-(?:act|copies)="([^"]+)"', self._messages("bot")[-1])

    @property
    def busy(self) -> bool:
        return self.picture is not None and self.picture.busy

    async def _draw(self, showing: Showing) -> None:
        async for picture in self.pictures.show(showing):
            if picture is not None:
                self.picture = picture
                self.drawn += 1

    @property
    def _html(self) -> str:
        return "".join(each["html"] for each in self.picture.messages) if self.picture is not None else ""

    def _messages(self, role: str) -> list[str]:
        messages = self.picture.messages if self.picture is not None else []
        return [each["html"] for each in messages if each["role"].startswith(role)]

    def _bodies(self, role: str) -> list[str]:
        bodies = [
            re.search(r'<div class="body[^"]*">(.*?)</div>', each, re.DOTALL) for each in self._messages(role)
        ]
        return [unescape(re.sub("<[^>]*>", "", body[1])).strip() for body in bodies if body is not None]


async def settled() -> None:
    """Whatever can happen at this moment has happened."""
    await asyncio.sleep(0.01)
