"""What people do on the page becomes the bot's events; what the bot gives back is said on that page."""

import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.platforms.web import limits
from adapters.platforms.web.translate import (
    CONVERSATION,
    MESSAGE,
    channel_of,
    edit,
    opening,
    press,
    question,
    session_of,
)
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import ChannelRef, Event
from bot.conversation.verbs import EVERYTHING, RESET, SHOW, STOP
from bot.conversation.views import Notice, Outcome, Panel
from bot.errors import StoreUnavailable
from bot.languages import Say, speaker
from bot.ports import Receive

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, in which language, at which of their conversations."""

    visitor: Visitor
    language: str
    conversation: str

    @property
    def channel(self) -> ChannelRef:
        """The conversation that is looked at."""
        return channel_of(self.visitor, self.conversation)

    @property
    def say(self) -> Say:
        """Speaks the page's language."""
        return speaker(self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """`receive` takes the events in."""

    receive: Receive

    def viewer(self, visitor: Visitor, language: str, conversation: str) -> Viewer:
        """Somebody who looks at this conversation; at a new one, where there can be none of that name."""
        name = conversation if CONVERSATION.fullmatch(conversation) else secrets.token_urlsafe(9)
        return Viewer(visitor=visitor, language=language, conversation=name)

    async def panel(self, visitor: Visitor, language: str) -> Panel | None:
        """A visitor's settings and conversations; `None` where they may see none, or the store is away."""
        event = opening(visitor, session_of(visitor), id=secrets.token_hex(8), language=language)
        notice = await self._hand_in(event, language)
        return notice.panel if notice is not None else None

    async def ask(self, viewer: Viewer, text: str, once: str = "") -> Notice | None:
        """Put a question, or say words for the bot. `once`: what it is called by a page that says it again
        where it did not hear whether it was taken in."""
        if not text.strip():
            return None
        event = question(
            viewer.visitor,
            viewer.channel,
            text[: limits.QUESTION_LENGTH],
            id=once if MESSAGE.fullmatch(once) else secrets.token_hex(8),
            at=time.time(),
            language=viewer.language,
        )
        return _worth_saying(await self._hand_in(event, viewer.language))

    async def edit(self, viewer: Viewer, message: str, text: str) -> Notice | None:
        """Put another text in place of a question."""
        if not text.strip() or not MESSAGE.fullmatch(message):
            return None
        now = time.time()
        before = question(
            viewer.visitor,
            viewer.channel,
            text[: limits.QUESTION_LENGTH],
            id=message,
            at=now,
            language=viewer.language,
        )
        return await self._hand_in(edit(before, at=now), viewer.language)

    async def press(self, viewer: Viewer, verb: str, argument: str = "", target: str = "") -> Notice | None:
        """A button."""
        event = press(
            viewer.visitor,
            viewer.channel,
            verb,
            argument,
            target,
            id=secrets.token_hex(8),
            language=viewer.language,
        )
        return _worth_saying(await self._hand_in(event, viewer.language))

    async def save(self, visitor: Visitor, language: str, changes: Mapping[str, str]) -> Notice:
        """Change settings, all or nothing; what the bot says to that."""
        event = press(
            visitor,
            session_of(visitor),
            SHOW.word,
            "",
            "",
            id=secrets.token_hex(8),
            language=language,
            changes=changes,
        )
        return await self._hand_in(event, language) or Notice(text="")

    async def delete(self, viewer: Viewer, conversation: str) -> None:
        """Delete a conversation, and what is being written in it."""
        if CONVERSATION.fullmatch(conversation):
            there = self.viewer(viewer.visitor, viewer.language, conversation)
            await self.press(there, STOP.word)
            await self.press(there, RESET.word, EVERYTHING)

    async def _hand_in(self, event: Event, language: str) -> Notice | None:
        """What comes of an event; whatever goes wrong ends in words."""
        try:
            return await self.receive(event)
        except StoreUnavailable:
            phrase = "store_unavailable"
        except Exception:
            logger.exception("%s from the page", type(event).__name__)
            phrase = "unexpected"
        return Notice(text=speaker(language)(phrase), outcome=Outcome.FAILED)


def _worth_saying(notice: Notice | None) -> Notice | None:
    """What is seen in the conversation itself need not be said beside it."""
    seen = notice is not None and notice.outcome is Outcome.BEGUN
    return None if seen else notice
