"""What the bot says itself, shown: to one person alone, or to everybody; with buttons, or with a file."""

import logging
import re
from collections.abc import Sequence
from typing import Any

from adapters.platforms.slack import draw
from adapters.platforms.slack.blocks import mappings, string
from adapters.platforms.slack.client import QUIET, Client
from adapters.platforms.slack.draw import Block, actions, opening
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.limits import COPY_LENGTH
from adapters.platforms.slack.modals import SETTINGS, SHOW
from adapters.platforms.slack.text import inert
from adapters.platforms.slack.translate import Payload, address_of
from bot.conversation.events import Invoked, Spoken
from bot.conversation.verbs import RESET, VERBS, About
from bot.conversation.views import Button, File, Notice
from bot.errors import PlatformError
from bot.languages import Say, speaker

logger = logging.getLogger(__name__)


class Notifier:
    """Says what is no answer of the model: the way the question came, else where it was asked, else in direct
    messages."""

    def __init__(self, client: Client, files: Files) -> None:
        self._client = client
        self._files = files

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say it to the person alone; in direct messages, where there is nobody else, as a message. Raises
        `Refused` where they can't be told at all."""
        say, text = speaker(to.author.locale), notice.text
        if notice.file is not None:
            copied = text_to_copy(notice.file)
            text = f"{text}\n\n{copied}" if copied else await self._hand_over(to, notice.file, text, say)
        if not text:
            return
        content = draw.message(text, _below(to, notice))
        if any(to.reply) and await self._respond(to, notice, content):
            return
        home, thread = address_of(to.channel)
        try:
            if notice.public or home.startswith("D"):
                await self._post(to, home, thread, content)
            else:
                await self._tell_alone(to, content)
        except Refused as refused:
            logger.info("somebody is told in direct messages, not where they asked: %s", refused)
            # What could be pressed there would be about the direct messages.
            direct = await self._files.direct(to.channel.workspace, to.author.id)
            await self._post(to, direct, None, draw.message(text))

    async def redraw(self, to: Invoked, message: Payload, buttons: Sequence[Button]) -> None:
        """Put these buttons below a message of ours, by the press on it: that reaches one which we may not
        change any more."""
        if not any(to.reply):
            return
        kept = [block for block in mappings(message.get("blocks")) if block.get("type") not in draw.BELOW]
        blocks = [*kept, *draw.below(buttons, to.channel)]
        body = {"replace_original": True, "text": string(message.get("text")), "blocks": blocks}
        try:
            await self._client.respond(to.reply[0], body)
        except PlatformError as error:
            logger.info("a message could not be changed by its response URL: %s", error)

    async def _respond(self, to: Spoken, notice: Notice, content: dict[str, Any]) -> bool:
        body = {"replace_original": False, **_beside(to), **_for_whom(notice), **content}
        try:
            return await self._client.respond(to.reply[0], body)
        except Refused as refused:
            logger.info("a response URL was refused: %s", refused)
            return False

    async def _post(self, to: Spoken, home: str, thread: str | None, content: dict[str, Any]) -> None:
        await self._client(
            to.channel.workspace,
            "chat.postMessage",
            channel=home,
            thread_ts=thread,
            **content,
        )

    async def _tell_alone(self, to: Spoken, content: dict[str, Any]) -> None:
        home, _ = address_of(to.channel)
        await self._client(
            to.channel.workspace,
            "chat.postEphemeral",
            channel=home,
            user=to.author.id,
            **_beside(to),
            **content,
        )

    async def _hand_over(self, to: Spoken, file: File, text: str, say: Say) -> str:
        """Give the person a file in direct messages, whoever else is where they asked; what to say there."""
        workspace, (home, thread) = to.channel.workspace, address_of(to.channel)
        direct = home.startswith("D")
        try:
            if not direct:
                home, thread = await self._files.direct(workspace, to.author.id), None
            await self._files.share(file, workspace, home, thread, inert(text))
        except Refused as refused:
            logger.warning("a file could not be handed over: %s", refused)
            if refused.code == "missing_scope":
                return say("file_forbidden")
            return say("refused_here", reason=refused.code)
        except PlatformError as error:
            logger.warning("a file could not be handed over: %s", error)
            return say("unexpected")
        return "" if direct else say("file_sent")


def response(to: Spoken, notice: Notice) -> dict[str, Any]:
    """A notice without a file as the answer to a slash command, in its acknowledgement."""
    return {**QUIET, **_for_whom(notice), **draw.message(notice.text, _below(to, notice))}


def _for_whom(notice: Notice) -> dict[str, Any]:
    return {"response_type": "in_channel" if notice.public else "ephemeral"}


def _below(to: Spoken, notice: Notice) -> list[Block]:
    say = speaker(to.author.locale)
    below = draw.below(notice.buttons, to.channel)
    _, thread = address_of(to.channel)
    change = opening(say("button_settings"), SETTINGS, thread=thread or "")
    if notice.panel is not None:
        below.append(actions([change]))
    elif isinstance(to, Invoked) and VERBS.get(to.verb, RESET).about is About.NOTHING:
        below.append(actions([change, opening(say("button_show"), SHOW, thread=thread or "")]))
    return below


def _beside(to: Spoken) -> dict[str, str]:
    """The thread where a person is told something alone: one that does not exist yet shows nothing, so
    beside its first message, then."""
    _, thread = address_of(to.channel)
    first = (None, to.id, to.target)
    return {} if thread in first else {"thread_ts": str(thread)}


def text_to_copy(file: File) -> str:
    """A short text in Markdown as a code block, which Slack lets people copy; "" for any other file."""
    if not file.name.endswith(".md") or len(file.content) > COPY_LENGTH:
        return ""
    text = file.content.decode()
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
