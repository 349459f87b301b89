"""What Slack sends, as the bot's own values. Pure: it reads payloads and asks nobody.

A conversation is a thread, in a channel or in private: `ChannelRef.channel` is the channel's id, a colon and
the thread's `ts`; the channel is its parent, to which settings belong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.platforms.slack.content import attachments, mentioned, quoted_text
from adapters.platforms.slack.references import linked_ids, quotes_in, shown_text
from adapters.platforms.slack.text import as_written, mentions, readable, without_mention
from adapters.received import read_time
from bot.conversation.events import Address, Author, ChannelRef, Deleted, Invoked, Opened, Said
from bot.conversation.verbs import REACTIONS

PLATFORM = "slack"

Payload = Mapping[str, Any]

SUBTYPES = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""The kinds of `message` events in which a person says something new."""

BOT_MESSAGE = "bot_message"
"""The kind of messages that some apps write, by no user of theirs."""

PRIVATE = frozenset({"im", "mpim"})
"""The kinds of channels that are private sessions: direct messages, with one person or several."""

ASKER = "asker:"
"""How the name of the block begins that says whose question a message of the bot's is."""

EMOJI: Mapping[str, str] = {"x": "❌", "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎"}
"""Slack's names for the reactions that say something to the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless:
    """A message that is or may be for the bot, before its author's name is known.

    `mentioned`: the ids of the people and channels in it, in their order. `payload`: as Slack sent it.
    `whole`: no words for the bot, but what may be quoted to it, cards and all.
    """

    message: Said
    mentioned: tuple[str, ...]
    payload: Payload = field(default_factory=dict, compare=False, repr=False)
    whole: bool = False

    def said(self, author: Author, names: Mapping[str, str]) -> Said:
        """The message with names in place of ids."""
        if self.whole:
            text = quoted_text(self.payload, names, files=True)
            return replace(self.message, author=author, text=text, quotes=())
        quotes = quotes_in(self.payload, names, self.message.channel)
        return replace(self.message, author=author, text=readable(self.message.text, names), quotes=quotes)


def message_in(event: Payload, *, workspace: str, bot: str) -> Nameless | None:
    """The `message` or `app_mention` event, if it is or may be meant for the bot whose user id is `bot`.

    Both kinds arrive for one mention, in either order, and give the same message. One in which the bot has
    put what somebody asks is theirs.
    """
    if (asker := asker_in(event, bot)) is not None:
        asked = {**event, "user": asker, "text": as_written(str(event.get("text") or "")), "blocks": []}
        return _message(asked, Address.COMMAND, workspace=workspace, bot=bot)
    if event.get("bot_id") or not others_words(event, bot):
        return None
    address = _address(event, mentions(str(event.get("text") or "")), bot)
    if address is None:
        return None
    found = _message(event, address, workspace=workspace, bot=bot)
    said = found.message
    says = said.text or said.attachments or said.quotes
    return found if says or address is not Address.FOLLOW_UP else None


def edit_in(event: Payload, *, workspace: str, bot: str) -> Nameless | None:
    """The `message_changed` event, if somebody else than the bot changed what a message says. One that is not
    for the bot may have been quoted to it: it comes as what may follow up.

    Slack changes messages for its own reasons, too: a link's preview, the replies below it.
    """
    message, before = event["message"], event.get("previous_message") or {}
    app = bool(message.get("bot_id"))
    if shown_text(message) == shown_text(before) and not (app and _is_other(message, before)):
        return None
    place = {"type": "message", "channel": event["channel"], "channel_type": event.get("channel_type")}
    changed = {**message, **place}
    if not others_words(changed, bot):
        return None
    found = message_in(changed, workspace=workspace, bot=bot)
    return found or replace(_message(changed, Address.FOLLOW_UP, workspace=workspace, bot=bot), whole=app)


def deletion_in(event: Payload, *, workspace: str, bot: str) -> Deleted | None:
    """The event, if it says that a message is gone which was no answer of the bot's. One with replies is not
    `message_deleted`: it becomes a tombstone."""
    gone, message = event.get("previous_message") or {}, event.get("message") or {}
    ts = event.get("deleted_ts")
    if event.get("subtype") == "message_changed":
        ts = message["ts"] if message.get("subtype") == "tombstone" else None
    if ts is None or (gone.get("user") == bot and asker_in(gone, bot) is None):
        return None
    root = gone.get("thread_ts") or message.get("thread_ts") or ts
    private = event.get("channel_type") in PRIVATE
    return Deleted(channel=thread(workspace, event["channel"], root, private=private), id=ts)


def reaction(event: Payload, *, bot: str) -> str | None:
    """The verb that a `reaction_added` event says, in any skin, of a message of the bot's."""
    if event.get("item_user") != bot or event.get("user") == bot or event["item"]["type"] != "message":
        return None
    verb = REACTIONS.get(EMOJI.get(str(event["reaction"]).partition("::")[0], ""))
    return verb.word if verb is not None else None


def asker_in(message: Payload, bot: str) -> str | None:
    """Whose question the bot has put there; `None` where it has not."""
    if message.get("user") != bot:
        return None
    names = [str(block.get("block_id") or "") for block in message.get("blocks") or ()]
    return next((name.removeprefix(ASKER) for name in names if name.startswith(ASKER)), None)


def others_words(message: Payload, bot: str) -> bool:
    """Whether somebody says something there: not the bot, and not Slack itself."""
    return message.get("user") not in (None, bot) and message.get("subtype") in SUBTYPES


def is_others(message: Payload, bot: str) -> bool:
    """Whether a person or an app says something there, apart from the bot."""
    said = message.get("user") or message.get("bot_id") or message.get("username")
    return bool(said) and message.get("user") != bot and message.get("subtype") in (*SUBTYPES, BOT_MESSAGE)


def thread(workspace: str, channel: str, ts: str, *, private: bool) -> ChannelRef:
    """The conversation in a thread."""
    return ChannelRef(
        platform=PLATFORM, workspace=workspace, channel=f"{channel}:{ts}", parent=channel, private=private
    )


def place(workspace: str, channel: str, ts: str = "", *, private: bool) -> ChannelRef:
    """A thread, or where there is none the channel itself, to which its settings belong."""
    if ts:
        return thread(workspace, channel, ts, private=private)
    return ChannelRef(platform=PLATFORM, workspace=workspace, channel=channel, private=private)


def address_of(channel: ChannelRef) -> tuple[str, str | None]:
    """Slack's own names of a conversation: the channel's id, and the thread's `ts`."""
    home, _, ts = channel.channel.partition(":")
    return home, ts or None


def command(
    body: Payload, verb: str, argument: str, *, where: ChannelRef, author: Author, target: str = ""
) -> Invoked:
    """What a person told the bot with a slash command, a button or a form."""
    url = str(body.get("response_url") or "")
    return Invoked(
        channel=where,
        id=str(body.get("trigger_id") or url),
        author=author,
        verb=verb,
        argument=argument,
        target=target,
        reply=(url,),
    )


def opening_of(invoked: Invoked) -> Opened:
    """Who told the bot something wants to see what is set there."""
    return Opened(channel=invoked.channel, id=invoked.id, author=invoked.author, reply=invoked.reply)


def _message(event: Payload, address: Address, *, workspace: str, bot: str) -> Nameless:
    text = str(event.get("text") or "")
    where = thread(
        workspace,
        event["channel"],
        event.get("thread_ts") or event["ts"],
        private=event.get("channel_type") in PRIVATE,
    )
    message = Said(
        channel=where,
        id=event["ts"],
        author=Author(id=event["user"], name=""),
        text=without_mention(text, bot),
        sent_at=read_time(event["ts"]),
        address=address,
        attachments=attachments(event),
        quotes=quotes_in(event, {}, where),
        linked=tuple(linked_ids(event)),
    )
    others = tuple(each for each in mentioned(event) if each != bot)
    return Nameless(message=message, mentioned=others, payload=event)


def _is_other(message: Payload, before: Payload) -> bool:
    """Whether an app has changed what people read there: its cards, too."""
    return quoted_text(message, {}) != quoted_text(before, {})


def _address(event: Payload, people: frozenset[str], bot: str) -> Address | None:
    kind = event.get("channel_type")
    if bot in people or event.get("type") == "app_mention":
        return Address.PRIVATE if kind in PRIVATE else Address.MENTION
    if kind == "im" or (kind == "mpim" and not people):
        return Address.PRIVATE
    return Address.FOLLOW_UP if event.get("thread_ts") and not people else None
