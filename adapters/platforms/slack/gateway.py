"""Everything that Slack hands to the bot, whichever way it came: bolt tells it apart, this takes it in.

A delivery is acknowledged when what it says is stored; one that could not be stored is not, and Slack sends
it again. Nothing here waits for the model.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.logs import place_of
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import Client, until_reached
from adapters.platforms.slack.controls import Controls
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.forms import Forms
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import QUESTION_WAIT
from adapters.platforms.slack.missed import Missed
from adapters.platforms.slack.translate import (
    Nameless,
    Payload,
    address_of,
    asker_in,
    deletion_in,
    edit_in,
    message_in,
)
from adapters.platforms.slack.users import Users
from adapters.platforms.slack.workspaces import Authorize, Workspaces, workspace_of
from adapters.received import read_time
from bot.conversation.events import ChannelRef, Edited, Said
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Bot

logger = logging.getLogger(__name__)

ANY = re.compile(".*")

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


class Transport(Protocol):
    """Socket Mode or HTTP."""

    @property
    def connected(self) -> bool:
        """Whether deliveries come."""

    async def run(self, app: AsyncApp, reached: Callable[[], None]) -> None:
        """Let deliveries come in until cancelled; `reached` is called each time from when on they do. Raises
        `SlackRefused`."""


class Gateway:
    """bolt's app with our listeners."""

    def __init__(
        self,
        *,
        client: Client,
        workspaces: Workspaces,
        users: Users,
        channels: Channels,
        controls: Controls,
        forms: Forms,
        transport: Transport,
        files: Files,
        inbox: Inbox,
        missed: Missed,
    ) -> None:
        self._client = client
        self._workspaces = workspaces
        self._users = users
        self._channels = channels
        self._controls = controls
        self._forms = forms
        self._transport = transport
        self._files = files
        self._inbox = inbox
        self._missed = missed

    @property
    def connected(self) -> bool:
        """Whether deliveries come."""
        return self._transport.connected

    async def run(self, bot: Bot) -> None:
        """Take deliveries in until cancelled. Raises `SlackRefused`."""
        self._inbox.open(bot)
        try:
            await until_reached(lambda: self._workspaces.prepare(self._client.sdk), self._client.url)
            await self._transport.run(self._app(), lambda: self._missed.look(self._take_missed))
        finally:
            await self._inbox.close()
            await self._missed.close()

    def _app(self) -> AsyncApp:
        app = AsyncApp(
            name="mixtral-bot",
            client=self._client.sdk,
            authorize=Authorize(self._workspaces),
            process_before_response=True,  # the acknowledgement follows the store
            ignoring_self_events_enabled=False,  # a question that we put into a channel is somebody's
            request_verification_enabled=False,  # done before a body is even read as one
            logger=logging.getLogger("slack_bolt"),
        )
        app.event(ANY)(self._event)
        app.command(ANY)(self._controls.slash_command)
        app.message_shortcut(ANY)(self._controls.shortcut)
        app.action(ANY)(self._controls.button)
        app.view(ANY)(self._forms.submit)
        app.error(self._answer_error)
        return app

    async def _event(self, event: Payload, body: Payload, context: AsyncBoltContext) -> None:
        workspace, bot = workspace_of(context), context.bot_user_id or ""
        match event["type"]:
            case "message" if event.get("subtype") in ("message_changed", "message_deleted"):
                await self._take_change(event, workspace, bot)
            case "message" | "app_mention":
                await self._take_message(event, workspace, bot)
            case "reaction_added":
                await self._controls.reaction(event, workspace=workspace, bot=bot)
            case "agent_session_stopped":
                await self._controls.stop(event, workspace=workspace)
            case "app_home_opened" if event.get("tab") == "home":
                self._inbox.in_background(
                    self._controls.home_page(workspace, event["user"], event["channel"])
                )
            case "app_uninstalled":
                await self._workspaces.remove(workspace, body["event_time"])
            case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
                await self._workspaces.remove(workspace, body["event_time"])

    async def _take_message(self, event: Payload, workspace: str, bot: str) -> None:
        channel, kind = event["channel"], event.get("channel_type")
        self._channels.remember_kind(workspace, channel, kind)
        if kind is None and (await self._channels.channel(workspace, channel)).private:
            # A mention in a group of direct messages comes without a word of what it is.
            event = {**event, "channel_type": "mpim"}
        said = message_in(event, workspace=workspace, bot=bot)
        if said is not None:
            if asker_in(event, bot) is not None:
                await asyncio.sleep(QUESTION_WAIT)
            await self._inbox(await self._told(said))

    async def _take_missed(self, message: Payload, place: ChannelRef, late: bool) -> None:
        """A message that is read afterwards, as it stands there now, and its edit: what it said before may be
        known."""
        found = await self._workspaces.find(place.workspace)
        home, _ = address_of(place)
        kind = "channel" if not place.private else "im" if home.startswith("D") else "mpim"
        event = {**message, "type": "message", "channel": home, "channel_type": kind}
        said = message_in(event, workspace=place.workspace, bot=found.bot_user if found else "")
        if found is None or said is None:
            return
        told = replace(await self._told(said), late=late)
        await self._inbox.receive(told)
        if edited := message.get("edited"):
            await self._inbox.receive(Edited(message=told, edited_at=read_time(edited["ts"])))

    async def _take_change(self, event: Payload, workspace: str, bot: str) -> None:
        gone = deletion_in(event, workspace=workspace, bot=bot)
        if gone is not None:
            await self._inbox(gone)
        elif event["subtype"] == "message_changed":
            said = edit_in(event, workspace=workspace, bot=bot)
            if said is not None:
                await self._inbox(Edited(message=await self._told(said), edited_at=read_time(event["ts"])))

    async def _told(self, said: Nameless) -> Said:
        """The message with what Slack tells of those in it and of its files, asked for at once."""
        workspace, files = said.message.channel.workspace, said.message.attachments
        named, known = await asyncio.gather(
            self._users.with_names(said), self._files.looked_up(files, workspace)
        )
        return replace(named, attachments=known)

    async def _answer_error(self, error: Exception) -> BoltResponse:
        """What a listener raised, as the answer to Slack: 503 asks it to send the event again."""
        match error:
            case Refused():
                logger.warning("something came from a workspace where the bot is not installed")
                return BoltResponse(status=200, body="")
            case StoreUnavailable():
                return BoltResponse(status=503, body="")
            case PlatformError():
                logger.warning("a delivery has to wait: %s", error)
                return BoltResponse(status=503, body="")
            case KeyError() | TypeError() | ValueError() | AttributeError() | RecursionError():
                logger.warning("a delivery is not of the shape that it should be: %s", place_of(error))
                return BoltResponse(status=400, body="")
        logger.error("a delivery failed", exc_info=error)
        return BoltResponse(status=500, body="")
