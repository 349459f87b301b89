"""What others said in a thread, read from Slack when somebody asks there."""

from collections.abc import Sequence

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.limits import REPLIES_READ
from adapters.platforms.slack.text import mentions, readable
from adapters.platforms.slack.translate import Payload, address_of, others_words, shown_text
from adapters.platforms.slack.users import Users, author_name, author_person
from adapters.platforms.slack.workspaces import Workspaces
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError, StoreUnavailable

A_DAY = 24 * 3600.0


class History:
    """Reads with what an app may read that hears the channel: `channels:history` and the like."""

    def __init__(self, client: Client, workspaces: Workspaces, users: Users) -> None:
        self._client = client
        self._workspaces = workspaces
        self._users = users

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """The latest `most` of a day before `message` and since then, oldest first; none where they can't be
        read."""
        _, thread = address_of(channel)
        if thread in (None, message):
            return ()  # the question begins its thread
        try:
            found = await self._workspaces.find(channel.workspace)
            since = max(since, float(message) - A_DAY)
            replies = await thread_messages(self._client, channel, oldest=f"{since:.6f}", latest=message)
        except (PlatformError, StoreUnavailable):
            return ()
        if found is None:
            return ()
        # A thread's first message comes along however old it is.
        said = [
            each
            for each in replies
            if since <= float(each["ts"]) < float(message)
            and others_words(each, found.bot_user)
            and shown_text(each)
        ][-most:]
        users = {str(each["user"]) for each in said}.union(*(mentions(shown_text(each)) for each in said))
        names = await self._users.names(channel.workspace, users)
        return [
            Quote(
                author=author_name(each, names),
                text=readable(shown_text(each), names),
                person=author_person(each, channel),
                message=str(each["ts"]),
            )
            for each in said
        ]


async def thread_messages(client: Client, channel: ChannelRef, **window: str) -> list[Payload]:
    """Those in that window of time, all of them: Slack gives the oldest first, and the latest are wanted."""
    home, thread = address_of(channel)
    messages: list[Payload] = []
    cursor = ""
    while True:
        answer = await client.ask(
            channel.workspace,
            "conversations.replies",
            channel=home,
            ts=thread,
            limit=REPLIES_READ,
            inclusive="false",
            **window,
            **({"cursor": cursor} if cursor else {}),
        )
        messages += answer.get("messages") or ()
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return messages
