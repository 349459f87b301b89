"""Who people are: Slack's events carry ids alone."""

import asyncio
import logging

from adapters.slack.api import Api
from adapters.slack.limits import PERSON_SECONDS, PERSON_WAIT
from adapters.slack.translate import Heard
from bot.errors import PlatformError
from bot.messages import Author, IncomingMessage

logger = logging.getLogger(__name__)

MOST_PEOPLE = 10_000
SOMEBODY = "somebody"
"""A person whose name Slack does not tell in time."""


class People:
    """Names and languages, asked for once an hour and never waited for long: an event must be kept first."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[tuple[str, str], tuple[Author, float]] = {}

    async def author(self, workspace: str, user: str) -> Author:
        """The person of that id."""
        now = asyncio.get_running_loop().time()
        author, until = self._known.get((workspace, user), (None, 0.0))
        if author is not None and until > now:
            return author
        try:
            async with asyncio.timeout(PERSON_WAIT):
                answer = await self._api.ask(workspace, "users.info", user=user, include_locale="true")
        except (PlatformError, TimeoutError) as error:
            logger.info("a person's name is not known: %s", type(error).__name__)
            return author or Author(id=user, name=SOMEBODY)
        person = answer.get("user") or {}
        profile = person.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or person.get("name") or SOMEBODY
        author = Author(id=user, name=str(name), locale=str(person.get("locale") or "en"))
        if len(self._known) >= MOST_PEOPLE:
            self._known.clear()
        self._known[workspace, user] = author, now + PERSON_SECONDS
        return author

    async def named(self, heard: Heard) -> IncomingMessage:
        """The message with the names of its author and of those whom it mentions."""
        workspace, user = heard.message.channel.workspace, heard.message.author.id
        ids = (user, *heard.people)
        authors = await asyncio.gather(*(self.author(workspace, each) for each in ids))
        return heard.said(authors[0], {each.id: each.name for each in authors if each.name != SOMEBODY})
