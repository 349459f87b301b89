"""Which of the roles that the operator lets in somebody has, in channels and in direct messages."""

import pytest

from adapters.platforms.discord.roles import Wanted
from tests.adapters.discord.online import online, platform_for
from tests.servers.discord import Channel, DiscordServer, Fault, Role, User


@pytest.fixture
def staff(server: DiscordServer, ann: User) -> Role:
    server.world.add_role("others", people=[ann])
    return server.world.add_role("staff", people=[ann])


@pytest.fixture
def ben(server: DiscordServer) -> User:
    return server.world.add_user("ben")


def members_asked(server: DiscordServer) -> list[str]:
    return [each.path for each in server.edge.requests if "/members/" in each.path]


async def test_a_message_a_command_and_a_reaction_say_which_of_these_roles_somebody_has(
    server: DiscordServer, general: Channel, ann: User, ben: User, staff: Role
) -> None:
    wanted = Wanted(roles=frozenset({staff.id, "1"}))
    async with online(server, platform_for(server, roles=wanted)) as ear:
        for person, roles in ((ann, (staff.id,)), (ben, ())):
            await server.say(general, person, f"{server.bot.mention} Why?")
            assert (await ear.question()).author.roles == roles
            await server.slash(general, person, "help")
            assert (await ear.command()).author.roles == roles
    assert members_asked(server) == []


async def test_in_private_the_servers_of_these_roles_are_asked_and_the_answer_is_kept_for_a_moment(
    server: DiscordServer, ann: User, ben: User, staff: Role
) -> None:
    wanted = Wanted(roles=frozenset({staff.id}))
    async with online(server, platform_for(server, roles=wanted)) as ear:
        for person, roles in ((ann, (staff.id,)), (ben, ()), (ann, (staff.id,)), (ben, ())):
            await server.dm(person, "Why?")
            assert (await ear.question()).author.roles == roles
    assert len(members_asked(server)) == 2


async def test_who_is_not_there_or_of_whom_discord_says_nothing_has_none(
    server: DiscordServer, ann: User, staff: Role
) -> None:
    server.fail(Fault(method="GET", path="/guilds/*/members/*", status=500, code=0, times=1))
    server.fail(Fault(method="GET", path="/guilds/*/members/*", status=404, code=10007, times=1))
    async with online(server, platform_for(server, roles=Wanted(roles=frozenset({staff.id})))) as ear:
        await server.dm(ann, "Why?")
        assert (await ear.question()).author.roles == ()


async def test_where_no_roles_count_nobody_is_asked_and_none_are_kept(
    server: DiscordServer, general: Channel, ann: User, staff: Role
) -> None:
    async with online(server, platform_for(server)) as ear:
        await server.say(general, ann, f"{server.bot.mention} Why?")
        assert (await ear.question()).author.roles is None
        await server.dm(ann, "Why?")
        assert (await ear.question()).author.roles is None
    assert members_asked(server) == []
