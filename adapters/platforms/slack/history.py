"""What others said in a thread, read from Slack when somebody asks there."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.platforms.slack.api import Api
from adapters.platforms.slack.people import People
from adapters.platforms.slack.text import mentioned, readable
from adapters.platforms.slack.translate import address_of, shown_text
from adapters.platforms.slack.workspaces import Workspaces
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef, person

A_DAY = 24 * 3600.0
MOST_READ = 200
"""Messages asked for: Slack gives a thread's oldest first, and only the latest of a day are wanted."""


class History:
    """Reads with what an app may read that hears the channel: `channels:history` and the like."""

    def __init__(self, api: Api, workspaces: Workspaces, people: People) -> None:
        self._api = api
        self._workspaces = workspaces
        self._people = people

    async def before(self, channel: ChannelRef, message: str, most: int) -> Sequence[Quote]:
        """The latest `most` of a day before `message`, oldest first."""
        home, thread = address_of(channel)
        if thread is None or thread == message:
            return ()  # the question begins its thread
        answer = await self._api.ask(
            channel.workspace,
            "conversations.replies",
            channel=home,
            ts=thread,
            oldest=f"{float(message) - A_DAY:.6f}",
            latest=message,
            inclusive="false",
            limit=MOST_READ,
        )
        found = await self._workspaces.find(channel.workspace)
        ours = found.bot_user if found is not None else ""
        said = [
            each
            for each in answer.get("messages") or ()
            if float(message) - A_DAY <= float(each["ts"]) < float(message)
            and each.get("user") not in (None, ours)
            and shown_text(each)
        ]
        return [await self._quote(each, channel) for each in said[-most:]]

    async def _quote(self, said: Mapping[str, Any], channel: ChannelRef) -> Quote:
        home, _ = address_of(channel)
        text = shown_text(said)
        author = await self._people.author(channel.workspace, str(said["user"]), home)
        names = await self._people.names(channel.workspace, mentioned(text))
        whose = "" if said.get("bot_id") else person(channel, author)
        return Quote(author=author.name, text=readable(text, names), person=whose, message=str(said["ts"]))
