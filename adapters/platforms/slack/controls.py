"""What people press and type beside messages: the slash command, buttons, shortcuts, reactions, the home
page."""

import logging
from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.platforms.slack import blocks, forms, views
from adapters.platforms.slack.api import Api
from adapters.platforms.slack.blocks import Pressed
from adapters.platforms.slack.entrance import Entrance
from adapters.platforms.slack.faults import Refused
from adapters.platforms.slack.forms import Forms
from adapters.platforms.slack.notices import Notices
from adapters.platforms.slack.people import People
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.rooms import Rooms
from adapters.platforms.slack.text import mentioned
from adapters.platforms.slack.threads import Threads
from adapters.platforms.slack.translate import (
    Payload,
    address_of,
    command,
    opened,
    place,
    reaction,
    shown_text,
)
from adapters.platforms.slack.views import ASK, SETTINGS, WHY, home_view
from adapters.platforms.slack.workspaces import workspace_of
from bot.conversation.events import ChannelRef, Invoked
from bot.conversation.verbs import ASK as ASKED
from bot.conversation.verbs import STOP, VERBS, About, Argument
from bot.conversation.views import Notice
from bot.errors import PlatformError, StoreUnavailable
from bot.languages import speaker

logger = logging.getLogger(__name__)

IN_A_THREAD = frozenset(
    word
    for word, verb in VERBS.items()
    if verb.about in (About.ANSWER, About.CONVERSATION) and verb.argument is not Argument.QUESTION
)
"""Words about one conversation. A slash command knows its channel alone, and each thread in it is one."""


class Controls:
    """Listeners for bolt."""

    def __init__(
        self,
        *,
        api: Api,
        people: People,
        rooms: Rooms,
        threads: Threads,
        forms: Forms,
        questions: Questions,
        notices: Notices,
        entrance: Entrance,
    ) -> None:
        self._api = api
        self._people = people
        self._rooms = rooms
        self._threads = threads
        self._forms = forms
        self._questions = questions
        self._notices = notices
        self._entrance = entrance

    async def slash(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """`/mixtral word argument`; alone, it shows what there is."""
        name, _, argument = str(body.get("text") or "").strip().partition(" ")
        name, argument = name.lower().lstrip("!/") or "help", argument.strip()
        told = replace(await self._told(body, context, body["channel_id"]), verb=name, argument=argument)
        say, notice = speaker(told.author.locale), None
        try:
            if name in IN_A_THREAD:
                await _only_you(ack, say("word_in_thread", word=name))
                return
            if name == SETTINGS and not argument:
                await self._forms.settings(told, body["trigger_id"])
            elif name == ASKED.word and argument:
                notice = await self._questions.ask(told, argument)
            else:
                notice = await self._entrance(told)
        except StoreUnavailable:
            await _only_you(ack, say("store_unavailable"))
        except Refused:
            await _only_you(ack, say("not_in_channel"))
        except PlatformError as error:
            logger.warning("a question could not be posted: %s", error)
            await _only_you(ack, say("unexpected"))
        else:
            await ack()
            self._show(told, notice)

    async def shortcut(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A message's menu: the settings, a question about it, or why it was answered so or not at all."""
        message, home = body["message"], body["channel"]["id"]
        root, ts = str(message.get("thread_ts") or ""), str(message["ts"])
        told = await self._told(body, context, home, root or ts, target=ts)
        match body["callback_id"]:
            case views.ASK:
                people = {str(message.get("user") or ""), *mentioned(shown_text(message))} - {""}
                names = await self._people.names(told.channel.workspace, people)
                await self._forms.about(replace(told, verb=ASK), body["trigger_id"], message, names)
            case views.WHY:
                await self._kept(replace(told, verb=WHY))
            case _:
                await self._forms.settings(replace(told, verb=SETTINGS), body["trigger_id"])
        await ack()

    async def action(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A button. One of an older version, or of an answer long gone, is told so."""
        pressed = blocks.pressed(body["actions"][0])
        home = body["channel"]["id"] if "channel" in body else forms.home_of(body["view"])
        told = await self._told(body, context, home, pressed.thread if pressed else "")
        match pressed:
            case Pressed(action=views.SETTINGS):
                await self._forms.settings(told, body["trigger_id"])
            case Pressed(action=views.SHOW):
                await self._kept(replace(told, verb=SETTINGS))
            case Pressed(form=True):
                await self._forms.reason(told, body["trigger_id"], pressed)
            case Pressed(action=action) if action in VERBS:
                await self._kept(replace(told, verb=action, target=pressed.target, argument=pressed.argument))
            case _:
                await self._notices.alone(told, speaker(told.author.locale)("old_button"))
        await ack()

    async def reacted(self, event: Payload, *, workspace: str, bot: str) -> None:
        """A reaction to an answer is a quiet command. Raises `StoreUnavailable`."""
        action = reaction(event, bot=bot)
        if action is None:
            return
        item = event["item"]
        thread = await self._threads.find(workspace, item["channel"], item["ts"])
        if thread is not None:
            where = await self._rooms.place(workspace, item["channel"], thread)
            await self._quietly(event, where, action, item["ts"])

    async def stopped(self, event: Payload, *, workspace: str) -> None:
        """Slack's own stop button below an answer. Raises `StoreUnavailable`."""
        # The message, where one was streamed: an event that comes late is not for the next answer.
        streamed = [*(event.get("streaming_message_ts") or ()), ""][0]
        where = await self._rooms.place(workspace, event["channel"], event["thread_ts"])
        await self._quietly(event, where, STOP.word, streamed)

    async def _quietly(self, event: Payload, where: ChannelRef, name: str, target: str) -> None:
        """What an event about an answer asks for, without a word in answer."""
        home, _ = address_of(where)
        author = await self._people.author(where.workspace, event["user"], home)
        told = {"trigger_id": f"{event['type']}:{event['user']}:{event['event_ts']}"}
        asked = command(told, name, "", where=where, author=author, target=target)
        await self._entrance(replace(asked, quiet=True))

    async def home(self, workspace: str, user: str, channel: str) -> None:
        """Show a person's home page."""
        author = await self._people.author(workspace, user, channel)
        told = command({}, SETTINGS, "", where=place(workspace, channel, private=True), author=author)
        notice = await self._entrance(opened(told))
        if notice is not None and notice.panel is not None:
            view = home_view(notice.panel, speaker(author.locale), metadata=forms.stored(told))
            await self._api(workspace, "views.publish", user_id=user, view=view)

    async def _told(
        self, body: Payload, context: AsyncBoltContext, home: str, thread: str = "", *, target: str = ""
    ) -> Invoked:
        """What a person does there, without a name yet."""
        workspace, user = workspace_of(context), body.get("user_id") or body["user"]["id"]
        author = await self._people.author(workspace, user, home)
        where = await self._rooms.place(workspace, home, thread)
        return command(body, "", "", where=where, author=author, target=target)

    async def _kept(self, told: Invoked) -> None:
        try:
            self._show(told, await self._entrance(told))
        except StoreUnavailable:
            await self._notices.alone(told, speaker(told.author.locale)("store_unavailable"))

    def _show(self, told: Invoked, notice: Notice | None) -> None:
        """Show what the bot gives back, once Slack has its acknowledgement."""
        if notice is not None:
            self._entrance.apart(self._notices.tell(told, notice))


async def _only_you(ack: AsyncAck, text: str) -> None:
    """Answer a slash command in its acknowledgement: nobody else sees it."""
    await ack(response_type="ephemeral", **blocks.message(text))
