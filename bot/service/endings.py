"""Ends what is asked where nobody is to see an answer."""

from bot.conversation.events import ChannelRef
from bot.conversation.requests import Interruption
from bot.ports import Conversations


async def end_all(channel: ChannelRef, conversations: Conversations) -> None:
    """End what is being answered in a conversation, and take away what waits there. Raises
    `StoreUnavailable`."""
    stands = await conversations.read(channel, "")
    begun = (stands.running.request,) if stands.running is not None else ()
    for request in (*begun, *stands.waiting):
        await conversations.interrupt(channel, request.message.id, Interruption.WITHDRAW)
