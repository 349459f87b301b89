"""Who people are: Slack's events carry ids alone."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.limits import PERSON_SECONDS, PERSON_WAIT
from adapters.platforms.slack.references import SOMEBODY
from adapters.platforms.slack.translate import Nameless, Payload, address_of
from bot.conversation.events import Author, Said, Standing
from bot.errors import PlatformError

logger = logging.getLogger(__name__)

MOST_PEOPLE = 10_000
CHANNELS = ("C", "G")
"""How ids of channels begin."""
MOST_NAMES = 50
"""People and channels mentioned in one message or thread whose names are asked for. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """`team`: their own workspace, which in an organisation is not what the bot is installed in."""

    author: Author
    team: str = ""


class Users:
    """Names, languages and what people may, asked for once an hour and never waited for long: an event must
    be kept first."""

    def __init__(self, client: Client, channels: Channels) -> None:
        self._client = client
        self._channels = channels
        self._known: dict[tuple[str, str], tuple[_Person, float]] = {}

    async def author(self, workspace: str, user: str, channel: str) -> Author:
        """The person of that id as they speak in that channel, which whoever made it may manage."""
        person, room = await asyncio.gather(
            self._person(workspace, user), self._channels.channel(workspace, channel)
        )
        if room.creator == user and person.author.standing < Standing.CHANNEL:
            return replace(person.author, standing=Standing.CHANNEL)
        return person.author

    async def team(self, workspace: str, user: str) -> str:
        """The id of a person's own workspace; of the bot's where Slack does not say."""
        return (await self._person(workspace, user)).team or workspace

    async def with_names(self, nameless: Nameless) -> Said:
        """The message with the names of its author and of all that it mentions."""
        workspace, user = nameless.message.channel.workspace, nameless.message.author.id
        home, _ = address_of(nameless.message.channel)
        author, names = await asyncio.gather(
            self.author(workspace, user, home), self.names(workspace, nameless.mentioned)
        )
        return nameless.said(author, names)

    async def names(self, workspace: str, ids: Iterable[str]) -> dict[str, str]:
        """What people and channels are called, by id: those whose names are known."""
        asked = sorted(set(ids))[:MOST_NAMES]
        names = await asyncio.gather(*(self._name(workspace, each) for each in asked))
        return {each: name for each, name in zip(asked, names, strict=True) if name}

    async def _name(self, workspace: str, named: str) -> str:
        if named.startswith(CHANNELS):
            return (await self._channels.channel(workspace, named)).name
        name = (await self._person(workspace, named)).author.name
        return name if name != SOMEBODY else ""

    async def _person(self, workspace: str, user: str) -> _Person:
        now = asyncio.get_running_loop().time()
        person, until = self._known.get((workspace, user), (None, 0.0))
        if person is not None and until > now:
            return person
        try:
            async with asyncio.timeout(PERSON_WAIT):
                answer = await self._client.ask(workspace, "users.info", user=user, include_locale="true")
        except (PlatformError, TimeoutError) as error:
            logger.info("a person's name is not known: %s", type(error).__name__)
            return person or _Person(author=Author(id=user, name=SOMEBODY, realm=workspace))
        person = _person_in(workspace, user, answer.get("user") or {})
        if len(self._known) >= MOST_PEOPLE:
            self._known.clear()
        self._known[workspace, user] = person, now + PERSON_SECONDS
        return person


def _person_in(workspace: str, user: str, person: Payload) -> _Person:
    profile = person.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or person.get("name") or SOMEBODY
    manages = any(person.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
    author = Author(
        id=user,
        name=str(name),
        locale=str(person.get("locale") or "en"),
        realm=workspace,
        standing=Standing.WORKSPACE if manages else Standing.MEMBER,
    )
    return _Person(author=author, team=str(person.get("team_id") or ""))
