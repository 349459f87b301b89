"""A page that somebody has open, without a browser: what they do goes in, what stands on it comes out."""

import asyncio
from collections.abc import Awaitable
from contextlib import aclosing
from typing import Self

from adapters.platforms.web.actions import Actions
from adapters.platforms.web.draw import Drawn
from adapters.platforms.web.pictures import Listeners, Picture, Pictures
from adapters.platforms.web.visitors import Visitor
from bot.conversation.verbs import COPY
from bot.conversation.views import Notice
from bot.languages import speaker
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
        self.pictures = Pictures(bot=bot, actions=self.actions, listeners=listeners)
        self.viewer = self.actions.viewer(visitor, language, conversation)
        self.picture: Picture | None = None
        self.said: Drawn | None = None
        self.drawn = 0
        self._drawing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._drawing = asyncio.create_task(self._draw())
        await settled()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            await asyncio.gather(self._drawing, return_exceptions=True)

    async def does(self, action: Awaitable[Notice | None]) -> None:
        """Do something, and show what comes of it."""
        notice = await action
        self.said = self.pictures.notice(self.viewer, notice) if notice is not None else None
        await settled()

    async def asks(self, text: str) -> None:
        await self.does(self.actions.ask(self.viewer, text))

    async def presses(self, verb: str, argument: str = "") -> None:
        """A button below the latest answer."""
        questions = [str(each["id"]) for each in self._messages("user")]
        await self.does(self.actions.press(self.viewer, verb, argument, questions[-1] if questions else ""))

    async def edits(self, text: str) -> None:
        """The latest question."""
        target = str(self._messages("user")[-1]["id"])
        await self.does(self.actions.edit(self.viewer, target, text))

    @property
    def questions(self) -> list[str]:
        return [str(each["text"]) for each in self._messages("user")]

    @property
    def answers(self) -> list[str]:
        thinking = speaker(self.viewer.language)("web_thinking")
        return [str(each["text"]).strip() or thinking for each in self._messages("bot")]

    @property
    def answer(self) -> Drawn:
        """The latest."""
        return self._messages("bot")[-1]

    @property
    def notice(self) -> str:
        """What the bot said last, by itself or to what was done."""
        told = self.picture.notice if self.picture is not None else None
        said = self.said or told
        return str(said["text"]) if said is not None else ""

    @property
    def listed(self) -> list[str]:
        """The conversations in the side bar."""
        return [str(each["title"]) for each in self.picture.listed] if self.picture is not None else []

    @property
    def buttons(self) -> list[str]:
        """What can be done with the latest answer, by verb; copying is the browser's."""
        buttons = self.answer["buttons"]
        assert isinstance(buttons, list)
        return ["answer" if each["verb"] == COPY.word else each["verb"] for each in buttons]

    @property
    def busy(self) -> bool:
        return self.picture is not None and self.picture.busy

    async def _draw(self) -> None:
        async with aclosing(self.pictures.show(self.viewer)) as pictures:
            async for picture in pictures:
                self.picture = picture
                self.drawn += 1

    def _messages(self, role: str) -> list[Drawn]:
        messages = self.picture.messages if self.picture is not None else ()
        return [each for each in messages if each["role"] == role]


async def settled() -> None:
    """Whatever can happen at this moment has happened."""
    await asyncio.sleep(0.01)
