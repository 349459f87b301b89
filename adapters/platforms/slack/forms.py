"""Forms: the settings, why somebody likes an answer, a question about a message. Opened, and taken in."""

import html
import itertools
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.platforms.slack import modals
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.content import mentioned
from adapters.platforms.slack.draw import Block, Press, plain
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import SECTION_LENGTH
from adapters.platforms.slack.modals import (
    ASK,
    REASON,
    changes,
    field,
    form,
    scope_of,
    settings_view,
    values_of,
)
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.references import quote
from adapters.platforms.slack.responses import Responses
from adapters.platforms.slack.translate import PLATFORM, Payload, address_of, command, opening_of
from adapters.platforms.slack.users import Users
from adapters.platforms.slack.workspaces import workspace_of
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef, Invoked
from bot.conversation.verbs import SHOW
from bot.conversation.views import Notice, Outcome
from bot.errors import PlatformError
from bot.languages import speaker

logger = logging.getLogger(__name__)


FILES_LENGTH = 2000
"""Characters in a form's metadata for what is known of files, of the 3,000 that Slack allows in all."""

LATE = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"})
"""Refusals of a form that help themselves when somebody presses again."""


class Forms:
    """Each form keeps in itself all that is needed when it comes back, to whichever process."""

    def __init__(
        self,
        *,
        client: Client,
        users: Users,
        questions: Questions,
        responses: Responses,
        inbox: Inbox,
    ) -> None:
        self._client = client
        self._users = users
        self._questions = questions
        self._responses = responses
        self._inbox = inbox

    async def open_settings(self, invoked: Invoked, trigger: str) -> Notice | None:
        """Open the settings of the place where this was said; why not, where that may not be."""
        say = speaker(invoked.author.locale)
        notice = await self._inbox.receive(opening_of(invoked))
        if notice is None or notice.panel is None:
            return notice
        view = settings_view(notice.panel, say, metadata=metadata_of(invoked))
        return await self._open(invoked, trigger, view)

    async def open_reason(self, invoked: Invoked, trigger: str, pressed: Press) -> Notice | None:
        """Ask why an answer was rated as it was."""
        say = speaker(invoked.author.locale)
        rated = replace(invoked, verb=pressed.action, target=pressed.target)
        why = field(REASON, say("reason_label"), multiline=True)
        view = form(REASON, say("reason_title"), say("form_send"), [why], say, metadata=metadata_of(rated))
        return await self._open(invoked, trigger, view)

    async def open_question(
        self, invoked: Invoked, trigger: str, message: Payload, *, bot: str
    ) -> Notice | None:
        """Ask for a question about a message, which stands in the form, whole."""
        say = speaker(invoked.author.locale)
        people = {str(message.get("user") or ""), *mentioned(message)} - {""}
        names = await self._users.names(invoked.channel.workspace, people)
        about = quote(message, invoked.channel, names, bot=bot, files=True)
        text = about.text
        quoted: list[Block] = [
            {"type": "section", "text": plain(text[start : start + SECTION_LENGTH]) | {"emoji": False}}
            for start in range(0, len(text), SECTION_LENGTH)
        ]
        question = field(ASK, say("ask_label"), multiline=True)
        metadata = metadata_of(invoked, about.author, about.person, *_files_kept(about))
        view = form(ASK, say("ask_title"), say("form_send"), [*quoted, question], say, metadata=metadata)
        return await self._open(invoked, trigger, view)

    async def submit(self, ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
        """A form comes back."""
        view = body["view"]
        invoked, more = await self._invoked_by(body, workspace_of(context))
        notice = await self._responses.result(invoked, self._result(view, invoked, more))
        if notice is not None and notice.wrong:
            await ack(response_action="errors", errors=dict(notice.wrong))
            return
        await self._responses.show(invoked, notice)
        await ack()

    async def _result(self, view: Payload, invoked: Invoked, more: Sequence[str]) -> Notice | None:
        match view["callback_id"]:
            case modals.SETTINGS:
                if changed := changes(view):
                    return await self._inbox.receive(
                        replace(invoked, verb=SHOW.word, changes=changed, scope=scope_of(view))
                    )
            case modals.REASON:
                if why := values_of(view)[REASON]:
                    return await self._inbox.receive(replace(invoked, argument=why))
            case modals.ASK:
                typed = values_of(view)[ASK] or speaker(invoked.author.locale)("ask_default")
                author, whose, *files = more
                about = Quote(author=author, text=_quoted_message(view), person=whose, message=invoked.target)
                attachments = tuple(Attachment(**json.loads(file)) for file in files)
                return await self._questions.ask(invoked, typed, quotes=(about,), attachments=attachments)
        return None

    async def _open(self, invoked: Invoked, trigger: str, view: Block) -> Notice | None:
        try:
            await self._client(invoked.channel.workspace, "views.open", trigger_id=trigger, view=view)
        except PlatformError as error:
            logger.warning("a form could not be opened: %s", error)
            say = speaker(invoked.author.locale)
            text = say("form_late")
            if isinstance(error, Refused) and error.code not in LATE:
                text = say("refused_here", reason=error.code)
            return Notice(text=text, outcome=Outcome.FAILED)
        return None

    async def _invoked_by(self, body: Payload, workspace: str) -> tuple[Invoked, list[str]]:
        """What was said when the form was opened, by whoever sends it; and what else was stored."""
        view = body["view"]
        where, name, target, url, *more = json.loads(view["private_metadata"])
        channel, parent, private = where
        place = ChannelRef(
            platform=PLATFORM, workspace=workspace, channel=channel, parent=parent, private=private
        )
        home, _ = address_of(place)
        author = await self._users.author(workspace, body["user"]["id"], home)
        told = {"trigger_id": f"{view['id']}:{view['hash']}", "response_url": url}
        return command(told, name, "", where=place, author=author, target=target), more


def metadata_of(invoked: Invoked, *more: str) -> str:
    """A form's or page's metadata: Slack gives back unchanged what we put in."""
    where = invoked.channel
    place = [where.channel, where.parent, where.private]
    return json.dumps([place, invoked.verb, invoked.target, "".join(invoked.reply), *more])


def home_of(view: Payload) -> str:
    """The channel that a form or page belongs to."""
    (channel, parent, _), *_ = json.loads(view["private_metadata"])
    return str(parent or channel)


def _files_kept(about: Quote) -> list[str]:
    """The files that hang on a message, as many as a form can keep in itself."""
    files = [json.dumps(asdict(file)) for file in about.attachments]
    lengths = itertools.accumulate(len(json.dumps(file)) for file in files)
    return [file for file, length in zip(files, lengths, strict=True) if length <= FILES_LENGTH]


def _quoted_message(view: Payload) -> str:
    """The message that stands in the form; Slack gives texts of blocks back escaped."""
    sections = (block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
    return html.unescape("".join(sections))
