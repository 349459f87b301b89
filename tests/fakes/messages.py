"""Messages as adapters make them, with the fields that a test does not care for filled in."""

from collections.abc import Mapping

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Address, Author, ChannelRef, Invoked, Said, Standing
from bot.conversation.layers import Scope
from bot.conversation.turns import Turn, Version

CHANNEL = ChannelRef(platform="screen", workspace="w", channel="c")
PRIVATE = ChannelRef(platform="screen", workspace="", channel="dm", private=True)
ADA = Author(id="u-ada", name="Ada")
BOB = Author(id="u-bob", name="Bob")
MANAGER = Author(id="u-ada", name="Ada", standing=Standing.CHANNEL)


def message(
    text: str = "Why is the sky blue?",
    *,
    id: str = "1",  # noqa: A002  # the field's name
    at: float = 1.0,
    channel: ChannelRef = CHANNEL,
    author: Author = ADA,
    address: Address = Address.MENTION,
    attachments: tuple[Attachment, ...] = (),
    quotes: tuple[Quote, ...] = (),
    linked: tuple[str, ...] = (),
    reply: tuple[str, ...] = (),
) -> Said:
    return Said(
        channel=channel,
        id=id,
        author=author,
        text=text,
        sent_at=at,
        address=address,
        attachments=attachments,
        quotes=quotes,
        linked=linked,
        reply=reply,
    )


def command(
    verb: str,
    argument: str = "",
    *,
    channel: ChannelRef = CHANNEL,
    id: str = "1",  # noqa: A002  # the field's name
    author: Author = MANAGER,
    target: str = "",
    changes: Mapping[str, str] | None = None,
    scope: Scope | None = None,
    reply: tuple[str, ...] = (),
) -> Invoked:
    return Invoked(
        channel=channel,
        id=id,
        author=author,
        verb=verb,
        argument=argument,
        target=target,
        changes=changes or {},
        scope=scope,
        reply=reply,
    )


def turn(
    question: str = "Why is the sky blue?",
    answer: str = "Rayleigh scattering.",
    *,
    message: str = "1",
    author: str = "Ada",
    person: str = "screen::u-ada",
    replies: tuple[str, ...] = (),
    asked_at: float = 0.0,
) -> Turn:
    return Turn(
        message=message,
        person=person,
        author=author,
        question=question,
        versions=(Version(text=answer),),
        replies=replies,
        asked_at=asked_at,
    )
