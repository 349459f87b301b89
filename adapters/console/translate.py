"""A typed line -> an `IncomingMessage`. Pure."""

from adapters.console.controls import as_word
from bot.messages import Address, Author, ChannelRef, IncomingMessage

PLATFORM = "console"


def typed(line: str, *, person: str, number: int, at: float) -> IncomingMessage:
    """The `number`-th line that a person typed; `at`: seconds since 1970."""
    return IncomingMessage(
        channel=ChannelRef(platform=PLATFORM, workspace="local", channel=person, private=True),
        id=f"{at:.6f}-{number}",
        author=Author(id=person, name=person),
        text=as_word(line.strip()),
        sent_at=at,
        address=Address.PRIVATE,
    )
