"""What the bot may in a channel, by Discord's order of overwrites."""

from datetime import UTC, datetime

import discord

from adapters.finding import Verdict
from adapters.platforms.discord.permissions import Guild, allowed_in, permission_findings

SEND, VIEW = discord.Permissions(send_messages=True).value, discord.Permissions(view_channel=True).value
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def guild(*overwrites: tuple[str, int, int], permissions: int = SEND | VIEW, timed_out: str = "") -> Guild:
    """A guild `1` with one channel; of the overwrites: whose, what they allow, what they deny."""
    drawn = [{"id": whose, "allow": str(allow), "deny": str(deny)} for whose, allow, deny in overwrites]
    return Guild(
        id="1",
        name="here",
        permissions=permissions,
        roles=frozenset({"2", "3"}),
        bot="4",
        timed_out=timed_out,
        channels=[{"id": "5", "type": 0, "name": "general", "permission_overwrites": drawn}],
    )


def may_send(of: Guild) -> bool:
    return allowed_in(of, of.channels[0]).send_messages


def test_a_roles_overwrite_counts_more_than_everybodys_and_the_bots_own_most() -> None:
    assert may_send(guild())
    assert not may_send(guild(("1", 0, SEND)))
    assert may_send(guild(("1", 0, SEND), ("2", SEND, 0)))
    assert may_send(guild(("2", SEND, 0), ("3", 0, SEND)))
    assert not may_send(guild(("2", SEND, 0), ("4", 0, SEND)))
    assert may_send(guild(("9", 0, SEND)))


def test_an_administrator_may_everything() -> None:
    admin = discord.Permissions(administrator=True).value
    assert may_send(guild(("1", 0, SEND), ("4", 0, SEND), permissions=admin))


def test_a_bot_that_is_timed_out_is_told_as_long_as_it_is() -> None:
    all_of_them = discord.Permissions.all_channel().value
    until = "2026-11-26T12:30:00.000000+00:00"
    timed_out = guild(permissions=all_of_them, timed_out=until)
    [now] = permission_findings([timed_out], threads=True, now=NOON)
    assert (now.verdict, "timed out" in now.text) == (Verdict.WARNING, True)
    [later] = permission_findings([timed_out], threads=True, now=NOON.replace(hour=13))
    assert later.verdict is Verdict.OK
