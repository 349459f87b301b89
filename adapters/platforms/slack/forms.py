"""Forms: the settings, why somebody likes an answer, a question about a message. Opened, and taken in."""

import html
import json
import logging
from collections.abc import Mapping
from dataclasses import replace

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.platforms.slack import views
from adapters.platforms.slack.api import Api
from adapters.platforms.slack.blocks import Block, Pressed, plain
from adapters.platforms.slack.entrance import Entrance
from adapters.platforms.slack.faults import Refused
from adapters.platforms.slack.limits import SECTION_LENGTH
from adapters.platforms.slack.notices import Notices
from adapters.platforms.slack.people import People, author_name, author_person
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.text import readable
from adapters.platforms.slack.translate import PLATFORM, Payload, address_of, command, opened, shown_text
from adapters.platforms.slack.views import (
    ASK,
    REASON,
    changes,
    field,
    for_all,
    form,
    settings_view,
    values_of,
)
from adapters.platforms.slack.workspaces import workspace_of
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef, Invoked
from bot.conversation.verbs import SHOW
from bot.errors import PlatformError, StoreUnavailable
from bot.languages import speaker

logger = logging.getLogger(__name__)


class Forms:
    """Each form keeps in itself all that is needed when it comes back, to whichever process."""

    def __init__(
        self,
        *,
        api: Api,
        people: People,
        questions: Questions,
        notices: Notices,
        entrance: Entrance,
    ) -> None:
        self._api = api
        self._people = people
        self._questions = questions
        self._notices = notices
        self._entrance = entrance

    async def settings(self, told: Invoked, trigger: str) -> None:
        """Open the settings of the place where this was told."""
        say = speaker(told.author.locale)
        try:
            notice = await self._entrance(opened(told))
        except StoreUnavailable:
            await self._notices.alone(told, say("store_unavailable"))
            return
        if notice is None or notice.panel is None:
            await self._notices.alone(told, notice.text if notice is not None else say("form_late"))
            return
        await self._open(told, trigger, settings_view(notice.panel, say, metadata=stored(told)))

    async def reason(self, told: Invoked, trigger: str, pressed: Pressed) -> None:
        """Ask why an answer was rated as it was."""
        say = speaker(told.author.locale)
        rated = replace(told, verb=pressed.action, target=pressed.target)
        why = field(REASON, say("reason_label"), multiline=True)
        view = form(REASON, say("reason_title"), say("form_send"), [why], say, metadata=stored(rated))
        await self._open(told, trigger, view)

    async def about(self, told: Invoked, trigger: str, message: Payload, names: Mapping[str, str]) -> None:
        """Ask for a question about a message, which stands in the form, whole. `names`: of its author and of
        those whom it mentions, by id."""
        say = speaker(told.author.locale)
        author, whose = author_name(message, names), author_person(message, told.channel)
        text = readable(shown_text(message), names)
        quoted: list[Block] = [
            {"type": "section", "text": plain(text[start : start + SECTION_LENGTH]) | {"emoji": False}}
            for start in range(0, len(text), SECTION_LENGTH)
        ]
        asked = field(ASK, say("ask_label"), multiline=True)
        metadata = stored(told, author, whose)
        view = form(ASK, say("ask_title"), say("form_send"), [*quoted, asked], say, metadata=metadata)
        await self._open(told, trigger, view)

    async def submitted(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A form comes back."""
        view = body["view"]
        told, more = await self._restored(body, workspace_of(context))
        say, notice = speaker(told.author.locale), None
        try:
            match view["callback_id"]:
                case views.SETTINGS:
                    if changed := changes(view):
                        notice = await self._entrance(
                            replace(told, verb=SHOW.word, changes=changed, whole=for_all(view))
                        )
                    if notice is not None and notice.wrong:
                        await ack(response_action="errors", errors=dict(notice.wrong))
                        return
                case views.REASON:
                    if why := values_of(view)[REASON]:
                        notice = await self._entrance(replace(told, argument=why))
                case views.ASK:
                    typed = values_of(view)[ASK] or say("ask_default")
                    author, whose = more
                    quote = Quote(author=author, text=_quoted(view), person=whose)
                    notice = await self._questions.ask(told, typed, quotes=(quote,))
        except StoreUnavailable:
            await self._notices.alone(told, say("store_unavailable"))
        except Refused:
            await self._notices.alone(told, say("not_in_channel"))
        except PlatformError as error:
            logger.warning("a question could not be posted: %s", error)
            await self._notices.alone(told, say("unexpected"))
        await ack()
        if notice is not None:
            self._entrance.apart(self._notices.tell(told, notice))

    async def _open(self, told: Invoked, trigger: str, view: Block) -> None:
        try:
            await self._api(told.channel.workspace, "views.open", trigger_id=trigger, view=view)
        except PlatformError as error:
            logger.info("a form could not be opened: %s", error)
            await self._notices.alone(told, speaker(told.author.locale)("form_late"))

    async def _restored(self, body: Payload, workspace: str) -> tuple[Invoked, list[str]]:
        """What was told when the form was opened, by whoever sends it; and what else was stored."""
        view = body["view"]
        where, name, target, url, *more = json.loads(view["private_metadata"])
        channel, parent, private = where
        place = ChannelRef(
            platform=PLATFORM, workspace=workspace, channel=channel, parent=parent, private=private
        )
        home, _ = address_of(place)
        author = await self._people.author(workspace, body["user"]["id"], home)
        told = {"trigger_id": f"{view['id']}:{view['hash']}", "response_url": url}
        return command(told, name, "", where=place, author=author, target=target), more


def stored(told: Invoked, *more: str) -> str:
    """A form's or page's metadata: Slack gives back unchanged what we put in."""
    where = told.channel
    place = [where.channel, where.parent, where.private]
    return json.dumps([place, told.verb, told.target, "".join(told.reply), *more])


def home_of(view: Payload) -> str:
    """The channel that a form or page belongs to."""
    (channel, parent, _), *_ = json.loads(view["private_metadata"])
    return str(parent or channel)


def _quoted(view: Payload) -> str:
    """The message that stands in the form; Slack gives texts of blocks back escaped."""
    sections = (block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
    return html.unescape("".join(sections))
