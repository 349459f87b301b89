"""Forms: the settings, why somebody likes an answer, a question about a message. Opened, and taken in."""

import itertools
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

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
from adapters.platforms.slack.text import unescaped
from adapters.platforms.slack.translate import PLATFORM, Payload, address_of, command, opening_of
from adapters.platforms.slack.users import Users
from adapters.platforms.slack.workspaces import workspace_of
from adapters.received import read_json
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was said when a form was opened, where, and the response URL of that; `more`: what the form is
    about."""

    where: ChannelRef
    verb: str
    target: str
    url: str
    more: tuple[str, ...]


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
        notice = await self._inbox.receive(opening_of(invoked))
        if notice is None or notice.panel is None:
            return notice
        say = speaker(invoked.author.locale)
        rated = replace(invoked, verb=pressed.action, target=pressed.target)
        why = field(REASON, say("reason_label"), multiline=True)
        view = form(REASON, say("reason_title"), say("form_send"), [why], say, metadata=metadata_of(rated))
        return await self._open(invoked, trigger, view)

    async def open_question(
        self, invoked: Invoked, trigger: str, message: Payload, *, bot: str
    ) -> Notice | None:
        """Ask for a question about a message, which stands in the form, whole."""
        notice = await self._inbox.receive(opening_of(invoked))
        if notice is None or notice.panel is None:
            return notice
        say = speaker(invoked.author.locale)
        author = message.get("user")
        people = (*((str(author),) if author else ()), *mentioned(message))
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
        kept = kept_in(view, workspace_of(context))
        if kept is None:
            await ack()
            return
        home, _ = address_of(kept.where)
        who, workspace = body["user"], kept.where.workspace
        author = await self._users.author(workspace, who["id"], home, team=str(who.get("team_id") or ""))
        told = {"trigger_id": f"{view['id']}:{view['hash']}", "response_url": kept.url}
        invoked = command(told, kept.verb, "", where=kept.where, author=author, target=kept.target)
        notice = await self._responses.result(invoked, self._result(view, invoked, kept.more))
        if notice is not None and notice.wrong:
            await ack(response_action="errors", errors=dict(notice.wrong))
            return
        await self._responses.show(invoked, notice)
        await ack()

    async def _result(self, view: Payload, invoked: Invoked, more: Sequence[str]) -> Notice | None:
        match view["callback_id"], more:
            case modals.SETTINGS, _:
                if changed := changes(view):
                    return await self._inbox.receive(
                        replace(invoked, verb=SHOW.word, changes=changed, scope=scope_of(view))
                    )
            case modals.REASON, _:
                if why := values_of(view).get(REASON):
                    return await self._inbox.receive(replace(invoked, argument=why))
            case modals.ASK, [author, whose, *files]:
                typed = values_of(view).get(ASK) or speaker(invoked.author.locale)("ask_default")
                about = Quote(author=author, text=_quoted_message(view), person=whose, message=invoked.target)
                attachments = tuple(Attachment(**read_json(file)) for file in files)
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


def metadata_of(invoked: Invoked, *more: str) -> str:
    """A form's or page's metadata: Slack gives back unchanged what we put in."""
    where = invoked.channel
    place = [where.channel, where.parent, where.private]
    return json.dumps([place, invoked.verb, invoked.target, "".join(invoked.reply), *more])


def kept_in(view: Payload, workspace: str) -> Kept | None:
    """What a form or page of ours keeps in itself; `None` for one that is not, or of another time."""
    try:
        (channel, parent, private), verb, target, url, *more = read_json(view.get("private_metadata") or "")
    except (ValueError, TypeError):
        return None
    if not isinstance(private, bool) or not all(
        isinstance(each, str) for each in (channel, parent, verb, target, url)
    ):
        return None
    where = ChannelRef(
        platform=PLATFORM, workspace=workspace, channel=channel, parent=parent, private=private
    )
    return Kept(where=where, verb=verb, target=target, url=url, more=tuple(map(str, more)))


def _files_kept(about: Quote) -> list[str]:
    """The files that hang on a message, as many as a form can keep in itself."""
    files = [json.dumps(asdict(file)) for file in about.attachments]
    lengths = itertools.accumulate(len(json.dumps(file)) for file in files)
    return [file for file, length in zip(files, lengths, strict=True) if length <= FILES_LENGTH]


def _quoted_message(view: Payload) -> str:
    """The message that stands in the form; Slack gives texts of blocks back escaped."""
    sections = (block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
    return unescaped("".join(sections))
