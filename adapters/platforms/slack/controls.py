"""What people press and type beside messages: the slash command, buttons, shortcuts, reactions, the home
page."""

from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.platforms.slack import draw, forms, modals
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.draw import Press
from adapters.platforms.slack.forms import Forms
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.modals import home_view
from adapters.platforms.slack.notifier import response
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.responses import Responses
from adapters.platforms.slack.translate import (
    Payload,
    address_of,
    command,
    opening_of,
    place,
    reaction,
)
from adapters.platforms.slack.users import Users
from adapters.platforms.slack.workspaces import workspace_of
from bot.conversation.events import ChannelRef, Invoked
from bot.conversation.verbs import ASK, HELP, SHOW, STOP, VERBS, WHY, About, Argument
from bot.conversation.views import Notice
from bot.languages import speaker

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
        client: Client,
        users: Users,
        channels: Channels,
        forms: Forms,
        questions: Questions,
        responses: Responses,
        inbox: Inbox,
    ) -> None:
        self._client = client
        self._users = users
        self._channels = channels
        self._forms = forms
        self._questions = questions
        self._responses = responses
        self._inbox = inbox

    async def slash_command(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """`/mixtral word argument`; alone, it shows what there is."""
        word, _, argument = str(body.get("text") or "").strip().partition(" ")
        word, argument = word.lower().lstrip("!/") or HELP.word, argument.strip()
        invoked = replace(
            await self._invoked(body, context, body["channel_id"]), verb=word, argument=argument
        )
        if word in IN_A_THREAD:
            notice = await self._responses.result(
                invoked, self._in_words(invoked, "word_in_thread", word=word)
            )
        elif word == SHOW.word and not argument:
            notice = await self._responses.result(
                invoked, self._forms.open_settings(invoked, body["trigger_id"])
            )
        elif word == ASK.word and argument:
            notice = await self._responses.result(invoked, self._questions.ask(invoked, argument))
        else:
            notice = await self._responses.result(invoked, self._inbox.receive(invoked))
        if notice is None or notice.file is not None or not notice.text:
            await self._responses.show(invoked, notice)
            await ack()
        else:
            await ack(**response(invoked, notice))

    async def _in_words(self, invoked: Invoked, phrase: str, **values: str) -> Notice | None:
        """What the platform says itself; to who is not heard, why not."""
        seen = await self._inbox.receive(opening_of(invoked))
        if seen is None or seen.panel is None:
            return seen
        return Notice(text=speaker(invoked.author.locale)(phrase, **values))

    async def shortcut(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A message's menu: the settings, a question about it, or why it was answered so or not at all."""
        message, home = body["message"], body["channel"]["id"]
        root, ts = str(message.get("thread_ts") or ""), str(message["ts"])
        invoked = await self._invoked(body, context, home, root or ts, target=ts)
        match body["callback_id"]:
            case modals.ASK:
                asked, bot = replace(invoked, verb=ASK.word), context.bot_user_id or ""
                work = self._forms.open_question(asked, body["trigger_id"], message, bot=bot)
            case modals.WHY:
                work = self._inbox.receive(replace(invoked, verb=WHY.word))
            case _:
                work = self._forms.open_settings(replace(invoked, verb=SHOW.word), body["trigger_id"])
        await self._responses.show(invoked, await self._responses.result(invoked, work))
        await ack()

    async def button(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A button. One of an older version, or of an answer long gone, is told so."""
        pressed, trigger = draw.press_of(body["actions"][0]), body["trigger_id"]
        if "channel" in body:
            home = body["channel"]["id"]
        elif (kept := forms.kept_in(body["view"], workspace_of(context))) is not None:
            home, _ = address_of(kept.where)
        else:
            await ack()
            return
        invoked = await self._invoked(body, context, home, pressed.thread if pressed else "")
        match pressed:
            case Press(action=modals.SETTINGS):
                invoked = replace(invoked, verb=SHOW.word)
                work = self._forms.open_settings(invoked, trigger)
            case Press(action=modals.SHOW):
                invoked = replace(invoked, verb=SHOW.word)
                work = self._inbox.receive(invoked)
            case Press(form=True):
                work = self._forms.open_reason(invoked, trigger, pressed)
            case Press(action=action) if action in VERBS:
                invoked = replace(invoked, verb=action, target=pressed.target, argument=pressed.argument)
                work = self._inbox.receive(invoked)
            case _:
                work = self._in_words(invoked, "old_button")
        notice = await self._responses.result(invoked, work)
        if notice is not None and notice.below is not None and "message" in body:
            await self._responses.redraw(invoked, body["message"], notice.below)
        await self._responses.show(invoked, notice)
        await ack()

    async def reaction(self, event: Payload, *, workspace: str, bot: str) -> None:
        """A reaction to an answer is a quiet command. Raises `StoreUnavailable`."""
        action = reaction(event, bot=bot)
        if action is None:
            return
        item = event["item"]
        where = await self._channels.place(workspace, item["channel"])
        await self._quietly(event, where, action, item["ts"])

    async def stop(self, event: Payload, *, workspace: str) -> None:
        """Slack's own stop button below an answer. Raises `StoreUnavailable`."""
        # The message, where one was streamed: an event that comes late is not for the next answer.
        streamed = [*(event.get("streaming_message_ts") or ()), ""][0]
        where = await self._channels.place(workspace, event["channel"], event["thread_ts"])
        await self._quietly(event, where, STOP.word, streamed)

    async def _quietly(self, event: Payload, where: ChannelRef, name: str, target: str) -> None:
        """What an event about an answer asks for, without a word in answer. Other bots ask for nothing."""
        home, _ = address_of(where)
        if await self._users.is_bot(where.workspace, event["user"]):
            return
        author = await self._users.author(where.workspace, event["user"], home)
        body = {"trigger_id": f"{event['type']}:{event['user']}:{event['event_ts']}"}
        invoked = command(body, name, "", where=where, author=author, target=target)
        await self._inbox(replace(invoked, quiet=True, reply=()))

    async def home_page(self, workspace: str, user: str, channel: str) -> None:
        """Show a person's home page."""
        author = await self._users.author(workspace, user, channel)
        invoked = command({}, SHOW.word, "", where=place(workspace, channel, private=True), author=author)
        notice = await self._inbox.receive(opening_of(invoked))
        if notice is not None and notice.panel is not None:
            view = home_view(notice.panel, speaker(author.locale), metadata=forms.metadata_of(invoked))
            await self._client(workspace, "views.publish", user_id=user, view=view)

    async def _invoked(
        self, body: Payload, context: AsyncBoltContext, home: str, thread: str = "", *, target: str = ""
    ) -> Invoked:
        """What a person does there, without a verb yet."""
        workspace, who = workspace_of(context), body.get("user") or {"id": body["user_id"]}
        author = await self._users.author(workspace, who["id"], home, team=str(who.get("team_id") or ""))
        where = await self._channels.place(workspace, home, thread)
        return command(body, "", "", where=where, author=author, target=target)
