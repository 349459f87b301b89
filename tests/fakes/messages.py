"""Messages as adapters make them, with the fields that a test does not care for filled in."""

from bot.messages import Address, Attachment, Author, ChannelRef, CommandInvoked, IncomingMessage, Quote

CHANNEL = ChannelRef(platform="screen", workspace="w", channel="c")
PRIVATE = ChannelRef(platform="screen", workspace="", channel="dm", private=True)
ADA = Author(id="u-ada", name="Ada")


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
    reply_token: str = "",
) -> IncomingMessage:
    return IncomingMessage(
        channel=channel,
        id=id,
        author=author,
        text=text,
        sent_at=at,
        address=address,
        attachments=attachments,
        quotes=quotes,
        reply_token=reply_token,
    )


def command(name: str, argument: str = "", *, channel: ChannelRef = CHANNEL, id: str = "1") -> CommandInvoked:  # noqa: A002
    return CommandInvoked(channel=channel, id=id, author=ADA, name=name, argument=argument)
