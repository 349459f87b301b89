"""What people press and type beside messages: the slash command, buttons, the shortcut, the settings form."""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.api import Api
from adapters.slack.faults import Refused
from adapters.slack.people import People
from adapters.slack.text import inert
from adapters.slack.translate import PLATFORM, Payload, command, place, thread
from adapters.slack.views import SETTINGS, SHOW, help_blocks, home_view, initial_of, settings_view, values_of
from adapters.slack.workspaces import workspace_of
from bot.commands import refused
from bot.errors import PlatformError, StoreUnavailable
from bot.languages import speaker
from bot.messages import Address, Author, ChannelRef, Event, IncomingMessage
from bot.overview import Look
from bot.settings import DEFAULT, BadValue, parse_setting

logger = logging.getLogger(__name__)

Keep = Callable[[Event], Awaitable[None]]


async def _nobody(event: Event) -> None:
    raise StoreUnavailable("the bot is not ready")


class Controls:
    """Listeners for bolt. `receive` takes events while the platform runs; `look` tells what is kept."""

    def __init__(self, *, api: Api, people: People, look: Look, history_days: int) -> None:
        self._api = api
        self._people = people
        self._look = look
        self._history_days = history_days
        self.receive: Keep = _nobody

    async def slash(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """`/mixtral word argument`; alone, it shows what there is."""
        workspace, author = await self._who(body, context)
        say, where = speaker(author.locale), place(workspace, body["channel_id"])
        name, _, argument = str(body.get("text") or "").strip().partition(" ")
        name, argument = name.lower().lstrip("!/"), argument.strip()
        if not name:
            await _only_you(ack, say("help", days=self._history_days), help_blocks(say, self._history_days))
            return
        if name == "reset":
            await _only_you(ack, say("reset_in_thread"))
            return
        try:
            if name == "ask" and argument:
                await self._ask(where, author, argument)
            else:
                await self.receive(command(body, name, argument, where=where, author=author))
        except StoreUnavailable:
            await _only_you(ack, say("store_unavailable"))
            return
        except Refused:
            await _only_you(ack, say("not_in_channel"))
            return
        except PlatformError as error:
            logger.warning("a question could not be posted: %s", error)
            await _only_you(ack, say("unexpected"))
            return
        await ack()

    async def _ask(self, where: ChannelRef, author: Author, text: str) -> None:
        """Put the question into the channel, where everybody can see what is answered, and take it in."""
        workspace, channel = where.workspace, where.channel
        quoted = "\n".join(f"> {line}" for line in inert(text).splitlines())
        posted = await self._api(
            workspace,
            "chat.postMessage",
            channel=channel,
            markdown_text=f"**{inert(author.name)}**\n{quoted}",
            unfurl_links=False,
            unfurl_media=False,
        )
        await self.receive(
            IncomingMessage(
                channel=thread(workspace, channel, posted["ts"], private=where.private),
                id=posted["ts"],
                author=author,
                text=text,
                sent_at=float(posted["ts"]),
                address=Address.COMMAND,
            )
        )

    async def shortcut(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """The message shortcut: settings, in threads too, where Slack has no slash commands."""
        workspace, author = await self._who(body, context)
        channel, message = body["channel"]["id"], body["message"]
        await self._open(body, author, place(workspace, channel, message.get("thread_ts") or message["ts"]))
        await ack()

    async def action(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A button. One of an older version, or of an answer long gone, is told so."""
        workspace, author = await self._who(body, context)
        pressed, view = body["actions"][0]["action_id"], body.get("view") or {}
        where = _stored(view["private_metadata"]) if view else place(workspace, body["channel"]["id"])
        match pressed:
            case _ if pressed == SETTINGS:
                await self._open(body, author, where)
            case _ if pressed == SHOW:
                await self.receive(command(body, SETTINGS, "", where=where, author=author))
            case _:
                await self._tell(body, where, author, speaker(author.locale)("old_button"))
        await ack()

    async def submitted(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """The settings form: every field that was changed is a command; a wrong one says its range."""
        _, author = await self._who(body, context)
        view, say = body["view"], speaker(author.locale)
        where = _stored(view["private_metadata"])
        wrong: dict[str, str] = {}
        changed: dict[str, str] = {}
        before = initial_of(view)
        for word, typed in values_of(view).items():
            if typed == before[word]:
                continue
            changed[word] = typed or DEFAULT
            try:
                parse_setting(word, changed[word])
            except BadValue as bad:
                wrong[word] = refused(bad, say)
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        for word, typed in changed.items():
            told = {"trigger_id": f"{view['id']}:{view['hash']}:{word}"}
            await self.receive(command(told, word, typed, where=where, author=author))
        await ack()

    async def home(self, workspace: str, user: str, channel: str) -> None:
        """Show a person's home page."""
        author = await self._people.author(workspace, user)
        where = place(workspace, channel)
        view = home_view(await self._look(where), speaker(author.locale), metadata=_metadata(where))
        await self._api(workspace, "views.publish", user_id=user, view=view)

    async def _open(self, body: Payload, author: Author, where: ChannelRef) -> None:
        say = speaker(author.locale)
        try:
            view = settings_view(await self._look(where), say, metadata=_metadata(where))
            await self._api(where.workspace, "views.open", trigger_id=body["trigger_id"], view=view)
        except StoreUnavailable:
            await self._tell(body, where, author, say("store_unavailable"))
        except PlatformError as error:
            logger.info("a form could not be opened: %s", error)
            await self._tell(body, where, author, say("form_late"))

    async def _tell(self, body: Payload, where: ChannelRef, author: Author, text: str) -> None:
        """Tell the person alone, beside what was pressed."""
        url = body.get("response_url")
        try:
            if url:
                answer = {"response_type": "ephemeral", "replace_original": False, "text": text}
                async with self._api.session.post(url, json=answer):
                    return
            home = where.parent or where.channel
            await self._api(
                where.workspace, "chat.postEphemeral", channel=home, user=author.id, markdown_text=text
            )
        except (PlatformError, OSError) as error:
            logger.info("could not be told: %s", type(error).__name__)

    async def _who(self, body: Payload, context: AsyncBoltContext) -> tuple[str, Author]:
        workspace = workspace_of(context)
        user = body.get("user_id") or body["user"]["id"]
        return workspace, await self._people.author(workspace, user)


async def _only_you(ack: AsyncAck, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
    """Answer a slash command in its acknowledgement: nobody else sees it."""
    shown = blocks or [{"type": "markdown", "text": text}]
    await ack(response_type="ephemeral", text=text, blocks=shown)


def _metadata(where: ChannelRef) -> str:
    return json.dumps([where.workspace, where.channel, where.parent, where.private])


def _stored(metadata: str) -> ChannelRef:
    """The place that a view of ours belongs to: Slack gives back unchanged what we put in."""
    workspace, channel, parent, private = json.loads(metadata)
    return ChannelRef(platform=PLATFORM, workspace=workspace, channel=channel, parent=parent, private=private)
