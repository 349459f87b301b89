"""Who people are: Slack's events carry ids alone."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from adapters.platforms.slack.asked_once import AskedOnce
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.limits import (
    LOOKUPS_A_MINUTE,
    MOST_NAMES,
    PERSON_SECONDS,
    PERSON_WAIT,
    UNKNOWN_SECONDS,
    WINDOW_SECONDS,
)
from adapters.platforms.slack.references import SOMEBODY
from adapters.platforms.slack.translate import Nameless, Payload, address_of
from bot.conversation.events import Author, Said, Standing
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Budget

logger = logging.getLogger(__name__)

MOST_PEOPLE = 10_000
CHANNELS = ("C", "G")
"""How ids of channels begin."""
ORGANISATION = "E"
"""How the id of an organisation begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """`team`: their own workspace, which in an organisation is not what the bot is installed in. `known`:
    Slack has told who they are. `bot`: nobody is behind it."""

    author: Author
    team: str = ""
    known: bool = True
    bot: bool = False


class Users:
    """Names, languages and what people may, asked for once an hour and never waited for long: an event must
    be kept first. `budget`: what is asked of those who are only mentioned; one message can mention thousands.
    """

    def __init__(self, client: Client, channels: Channels, budget: Budget) -> None:
        self._client = client
        self._channels = channels
        self._budget = budget
        self._known: dict[tuple[str, str], tuple[_Person, float]] = {}
        self._asked: AskedOnce[_Person] = AskedOnce()

    async def author(self, workspace: str, user: str, channel: str, *, team: str = "") -> Author:
        """The person of that id as they speak in that channel, which whoever made it may manage. `team`:
        their own workspace as the event says it; "" where it does not."""
        person, room = await asyncio.gather(
            self._person(workspace, user), self._channels.channel(workspace, channel)
        )
        author = person.author
        if not person.known and team and not workspace.startswith(ORGANISATION):
            author = replace(author, stranger=team != workspace)
        if room.creator == user and not author.stranger and author.standing < Standing.CHANNEL:
            return replace(author, standing=Standing.CHANNEL)
        return author

    async def team(self, workspace: str, user: str) -> str:
        """The id of a person's own workspace; of the bot's where Slack does not say."""
        return (await self._person(workspace, user)).team or workspace

    async def is_bot(self, workspace: str, user: str) -> bool:
        """Whether it is an app's user, as far as Slack says."""
        return (await self._person(workspace, user)).bot

    async def with_names(self, nameless: Nameless) -> Said:
        """The message with the names of its author and of all that it mentions."""
        workspace, user = nameless.message.channel.workspace, nameless.message.author.id
        home, _ = address_of(nameless.message.channel)
        team = str(nameless.payload.get("user_team") or "")
        author, names = await asyncio.gather(
            self.author(workspace, user, home, team=team), self.names(workspace, nameless.mentioned)
        )
        return nameless.said(author, names)

    async def names(self, workspace: str, ids: Iterable[str]) -> dict[str, str]:
        """What people and channels are called, by id: those that are known, and the first of the others."""
        asked = list(dict.fromkeys(ids))
        known = [each for each in asked if self._is_known(workspace, each)]
        others = [each for each in asked if not self._is_known(workspace, each)][:MOST_NAMES]
        allowed = await asyncio.gather(*(self._may_ask(workspace) for _ in others))
        wanted = [*known, *(each for each, may in zip(others, allowed, strict=True) if may)]
        names = await asyncio.gather(*(self._name(workspace, each) for each in wanted))
        return {each: name for each, name in zip(wanted, names, strict=True) if name}

    def _is_known(self, workspace: str, named: str) -> bool:
        if named.startswith(CHANNELS):
            return self._channels.is_known(workspace, named)
        return self._remembered(workspace, named, asyncio.get_running_loop().time()) is not None

    async def _may_ask(self, workspace: str) -> bool:
        try:
            async with asyncio.timeout(PERSON_WAIT):
                window = f"slack:names:{workspace}"
                return not await self._budget.spend(window, LOOKUPS_A_MINUTE, WINDOW_SECONDS)
        except (StoreUnavailable, TimeoutError):
            return False

    async def _name(self, workspace: str, named: str) -> str:
        if named.startswith(CHANNELS):
            return (await self._channels.channel(workspace, named)).name
        name = (await self._person(workspace, named)).author.name
        return name if name != SOMEBODY else ""

    def _remembered(self, workspace: str, user: str, now: float) -> _Person | None:
        person, until = self._known.get((workspace, user), (None, 0.0))
        return person if until > now else None

    async def _person(self, workspace: str, user: str) -> _Person:
        if (remembered := self._remembered(workspace, user, asyncio.get_running_loop().time())) is not None:
            return remembered
        return await self._asked.answer((workspace, user), lambda: self._ask(workspace, user))

    async def _ask(self, workspace: str, user: str) -> _Person:
        now = asyncio.get_running_loop().time()
        before, _ = self._known.get((workspace, user), (None, 0.0))
        nobody = before or _Person(author=Author(id=user, name=SOMEBODY, realm=workspace), known=False)
        try:
            async with asyncio.timeout(PERSON_WAIT):
                answer = await self._client.ask(workspace, "users.info", user=user, include_locale="true")
                organisation = await self._client.organisation(workspace)
        except Refused as refused:
            logger.info("a person is not known: %s", refused)
            return self._keep(workspace, user, nobody, now + UNKNOWN_SECONDS)
        except (PlatformError, TimeoutError) as error:
            logger.info("a person's name is not known: %s", type(error).__name__)
            return nobody
        person = _person_in({workspace, organisation} - {""}, workspace, user, answer.get("user") or {})
        return self._keep(workspace, user, person, now + PERSON_SECONDS)

    def _keep(self, workspace: str, user: str, person: _Person, until: float) -> _Person:
        if len(self._known) >= MOST_PEOPLE:
            self._known.clear()
        self._known[workspace, user] = person, until
        return person


def _person_in(homes: set[str], workspace: str, user: str, person: Payload) -> _Person:
    """`homes`: the workspace where the bot is installed and the organisation that it belongs to."""
    profile = person.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or person.get("name") or SOMEBODY
    stranger = _is_stranger(homes, person)
    author = Author(
        id=user,
        name=str(name),
        locale=str(person.get("locale") or "en"),
        realm=workspace,
        standing=Standing.MEMBER if stranger else _standing(workspace, person),
        stranger=stranger,
    )
    return _Person(author=author, team=str(person.get("team_id") or ""), bot=bool(person.get("is_bot")))


def _is_stranger(homes: set[str], person: Payload) -> bool:
    """Whether they belong to another company, which shares a channel (Slack Connect). In an organisation, a
    person has a workspace of their own, and may be in others."""
    own, organisation = person.get("team_id"), person.get("enterprise_user") or {}
    theirs = {own, organisation.get("enterprise_id"), *(organisation.get("teams") or ())}
    return bool(person.get("is_stranger")) or (bool(own) and homes.isdisjoint(theirs))


def _standing(workspace: str, person: Payload) -> Standing:
    """What they may manage where the bot is installed: what they are in their own workspace says nothing of
    another one, nor of the whole organisation."""
    organisation = person.get("enterprise_user") or {}
    if organisation.get("enterprise_id") == workspace:
        if _manages(organisation):
            return Standing.WORKSPACE
        return Standing.CHANNEL if _manages(person) else Standing.MEMBER
    own = person.get("team_id") in (None, "", workspace)
    return Standing.WORKSPACE if own and _manages(person) else Standing.MEMBER


def _manages(roles: Payload) -> bool:
    return any(roles.get(role) for role in ("is_admin", "is_owner", "is_primary_owner"))
