"""What people can tell the bot: words, the same on every platform, and who carries each of them out."""

import difflib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from bot.conversation.events import Address, Invoked, Said, Spoken
from bot.conversation.requests import Request
from bot.conversation.settings import LANGUAGE, PRESET, WORDS
from bot.conversation.views import Notice
from bot.languages import Say, speaker

COMMANDS = (
    "ask",
    *WORDS,
    PRESET,
    "prompt",
    LANGUAGE,
    "settings",
    "reset",
    "stop",
    "regenerate",
    "continue",
    "copy",
    "good",
    "bad",
    "why",
    "export",
    "forget",
    "help",
)
"""Every word that people may type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What comes of a command: something to say, something to be done in the conversation, or both.

    `already`: what is said when the request waits or was done already.
    """

    notice: Notice | None = None
    request: Request | None = None
    already: str = ""


Handler = Callable[[Invoked, Say], Awaitable[Response]]
"""Carries out one word, for somebody who speaks this language. Raises `StoreUnavailable`."""


def said(text: str) -> Response:
    """A plain answer to one person."""
    return Response(notice=Notice(text=text))


def understood(event: Spoken) -> Spoken:
    """What an event really asks for: `!temperature 0.3` is a command, and so is nothing at all (a hello).

    A follow-up without a mention is never a command: it may be meant for another bot.
    """
    if not isinstance(event, Said) or event.address in (Address.FOLLOW_UP, Address.OVERHEARD):
        return event
    text = event.text.strip()
    if event.address is Address.COMMAND:
        return event if text or event.attachments or event.quotes else _command(event, "ask", "")
    if text.startswith("!"):
        name, _, argument = text[1:].partition(" ")
        if name.lower() == "ask" and argument.strip():
            return replace(event, text=argument.strip())
        if name and name.replace("_", "").isalpha():
            return _command(event, name.lower(), argument.strip())
    if text.lower() == "stop":
        return _command(event, "stop", "")
    if not text and not event.attachments and not event.quotes:
        return _command(event, "hello", "")
    return event


def _command(event: Said, name: str, argument: str) -> Invoked:
    return Invoked(
        channel=event.channel,
        id=event.id,
        author=event.author,
        name=name,
        argument=argument,
        target=event.target,
        reply_token=event.reply_token,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """`handlers`: by word. `history_days`: what the help says of how long things are kept."""

    handlers: Mapping[str, Handler]
    history_days: int

    async def answer(self, command: Invoked) -> Response:
        """Do it; what comes of it. Raises `StoreUnavailable`."""
        say = speaker(command.author.locale)
        if handler := self.handlers.get(command.name):
            return await handler(command, say)
        match command.name:
            case "help":
                return said(say("help", kept=say("kept_days", count=self.history_days)))
            case "hello":
                return said(say("hello"))
            case "ask":
                return said(say("nothing_asked"))
        near = difflib.get_close_matches(command.name, COMMANDS, n=1)
        word = command.name[:32]
        return said(
            say("unknown_command_near", word=word, near=near[0])
            if near
            else say("unknown_command", word=word)
        )
