"""Whom a platform alone knows: what becomes of them on the way from its payloads to the bot."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import discord
import pytest

from adapters.platforms.discord.translate import reaction_command
from adapters.platforms.web.visitors import SESSION
from bot.conversation.events import Author, Event, Invoked, Opened, Said
from bot.conversation.verbs import VERBS
from bot.conversation.views import Notice
from bot.service.admission import Admission, Refusal
from tests.adapters.discord import recorded as on_discord
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import ADA, GRACE, TEAM, recorded
from tests.adapters.web.requests import request
from tests.adapters.web.test_gateway import NOBODY, House

ELSEWHERE = "T02ELSEWHERE"

SLACK_WAYS: Mapping[str, Mapping[str, Any]] = {
    "mention": recorded("app_mention"),
    "message with a mention": recorded("message"),
    "word in a thread": recorded("thread"),
    "direct message": recorded("im"),
    "slash": recorded("slash_command"),
    "button": recorded("block_actions_answer"),
    "menu": recorded("message_action"),
    "reaction": recorded("reaction_added"),
    "form": recorded("view_submission"),
    "home page": recorded("app_home_opened"),
}

PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "member": {"team_id": TEAM},
    "guest": {"team_id": TEAM, "is_restricted": True, "is_ultra_restricted": True},
    "stranger": {"team_id": ELSEWHERE, "is_admin": True, "is_owner": True},
}
"""What Slack tells of them."""


async def heard_on_slack(payload: Mapping[str, Any], person: Mapping[str, Any]) -> list[Event]:
    """The events that the bot is given when somebody of whom Slack tells this does that."""
    events: list[Event] = []

    async def receive(event: Event) -> Notice | None:
        events.append(event)
        return None

    api = MemoryClient()
    payload = json.loads(json.dumps(payload).replace(ADA, GRACE))
    async with opened(api) as gate:
        api.people[GRACE] = {"id": GRACE, "name": "grace", **person}
        gate.bot = receive
        assert (await gate.hand(payload)).status == 200
        await asyncio.sleep(5)  # a home page is shown beside
    return events


def speaker_of(event: Event) -> Author:
    assert isinstance(event, Said | Invoked | Opened)
    return event.author


@pytest.mark.looptime
@pytest.mark.parametrize("way", SLACK_WAYS)
@pytest.mark.parametrize(
    ("who", "refusal"), [("member", None), ("guest", None), ("stranger", Refusal.STRANGER)]
)
async def test_on_slack_a_guest_is_a_member_and_a_stranger_is_nobody(
    way: str, who: str, refusal: Refusal | None
) -> None:
    [event, *_] = await heard_on_slack(SLACK_WAYS[way], PEOPLE[who])
    author = speaker_of(event)
    assert author.id == GRACE
    assert Admission().refusal(author, event.channel) is refusal
    assert Admission(strangers=True).refusal(author, event.channel) is None
    assert author.standing == 0


@pytest.mark.looptime
@pytest.mark.parametrize("way", SLACK_WAYS)
async def test_what_comes_from_a_workspace_without_the_bot_is_nothing(way: str) -> None:
    elsewhere = json.loads(json.dumps(SLACK_WAYS[way]).replace(TEAM, ELSEWHERE))
    assert await heard_on_slack(elsewhere, {"team_id": ELSEWHERE}) == []


@pytest.mark.looptime
@pytest.mark.parametrize("way", ["mention", "message with a mention", "word in a thread", "direct message"])
async def test_on_slack_the_words_of_another_bot_are_no_question(way: str) -> None:
    payload = json.loads(json.dumps(SLACK_WAYS[way]))
    payload["event"]["bot_id"] = "B02OTHER001"
    assert await heard_on_slack(payload, {"team_id": TEAM, "is_bot": True}) == []


@pytest.mark.looptime
async def test_on_slack_a_webhook_is_nobody() -> None:
    assert await heard_on_slack(recorded("bot_message"), {}) == []


@pytest.mark.looptime
async def test_on_slack_another_bots_reaction_says_nothing() -> None:
    assert await heard_on_slack(recorded("reaction_added"), {"team_id": TEAM, "is_bot": True}) == []


@pytest.mark.parametrize("name", ["mention", "reply", "direct"])
def test_on_discord_another_bot_and_a_webhook_are_nobody(name: str) -> None:
    payload = on_discord.recorded(name)
    assert on_discord.heard(payload) is not None
    assert on_discord.heard(payload | {"author": payload["author"] | {"bot": True}}) is None
    assert on_discord.heard(payload | {"webhook_id": "1143000000000000077"}) is None


@pytest.mark.parametrize("bot", [False, True])
def test_on_discord_another_bots_reaction_says_nothing(bot: bool) -> None:
    client = on_discord.connected()
    message = on_discord.recorded("mention")
    user = message["author"] | {"bot": bot}
    data: Any = {
        "user_id": user["id"],
        "channel_id": message["channel_id"],
        "message_id": message["id"],
        "guild_id": message["guild_id"],
        "emoji": {"id": None, "name": "👍"},
        "type": 0,
        "burst": False,
        "message_author_id": on_discord.BOT,
    }
    reaction = discord.RawReactionActionEvent(data, discord.PartialEmoji(name="👍"), "REACTION_ADD")
    guild = client.get_guild(int(on_discord.GUILD))
    assert guild is not None
    member: Any = message["member"] | {"user": user}
    reaction.member = discord.Member(data=member, guild=guild, state=client._connection)
    channel = client.get_channel(int(on_discord.CHANNEL))
    event = reaction_command(reaction, channel, bot=int(on_discord.BOT), at=1.0)
    assert (event is None) is bot


@pytest.mark.parametrize("verb", VERBS)
async def test_a_verb_is_done_through_the_api_of_the_page_as_whoever_shows_who_they_are(verb: str) -> None:
    house = House()
    body = json.dumps({"conversation": "c1", "verb": verb, "browser": "b1", "session": "b1"})
    cookies = {"another's": house.known("b2"), "forged": {SESSION: "b1.forged"}, "none": NOBODY}
    statuses = {
        whose: (await request(house.app, "/en/api/press", method="POST", cookies=each, body=body)).status
        for whose, each in cookies.items()
    }
    assert statuses == {"another's": 200, "forged": 401, "none": 401}
    assert [visitor and visitor.browser for visitor in house.pages.visitors] == ["b2"]
