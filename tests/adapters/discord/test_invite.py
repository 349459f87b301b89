"""The rights that the bot asks for: all that it uses, and no others."""

from pathlib import Path

import discord
import pytest

from adapters.platforms.discord.invite import PERMISSIONS, invite
from bot.conversation.views import File, Notice
from bot.errors import PlatformError
from tests.adapters.discord.online import online, page, platform_for, post
from tests.servers.discord import DiscordServer, User

README = Path(__file__).parents[3] / "README.md"
GRANTED = [name for name, granted in PERMISSIONS if granted]


async def all_that_it_does(server: DiscordServer, ann: User, rights: discord.Permissions) -> list[str]:
    """What went well with these rights: everything, or what needed one that is missing is left out."""
    server.world.bot_permissions = rights.value
    platform = platform_for(server, threads=True)
    done: list[str] = []
    async with online(server, platform) as ear:
        await server.say(server.general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        try:
            await post(platform, question, page("Because"))
            done += [
                f"in {'a thread' if server.answers(thread) else 'the channel'}"
                for thread in server.world.channels.values()
                if thread.parent
            ]
        except PlatformError:
            pass
        asked = await server.say(server.general, ann, f"{server.bot.mention} !help")
        try:
            await platform.tell(await ear.question(), Notice(text="Help"))
            done += [f"replied {one.reference == asked.id}" for one in server.answers(server.general)]
        except PlatformError:
            pass
        ear.notice = Notice(text="Here", file=File(name="answer.md", content=b"Because"))
        used = await server.slash(server.general, ann, "copy")
        refused = server.edge.statuses[403]
        await server.until(lambda: used.answered or server.edge.statuses[403] > refused)
        if used.answered is not None and used.answered.files:
            done.append("gave a file")
    return done


async def test_with_these_rights_all_that_it_does_goes_well(server: DiscordServer, ann: User) -> None:
    assert await all_that_it_does(server, ann, PERMISSIONS) == ["in a thread", "replied True", "gave a file"]


@pytest.mark.parametrize("right", GRANTED)
async def test_without_one_of_them_something_does_not(server: DiscordServer, ann: User, right: str) -> None:
    fewer = discord.Permissions(PERMISSIONS.value)
    fewer.update(**{right: False})
    assert await all_that_it_does(server, ann, fewer) != ["in a thread", "replied True", "gave a file"]


def test_the_readme_has_the_same_link() -> None:
    link = invite("1")
    assert f"permissions={PERMISSIONS.value}" in link
    assert f"permissions={PERMISSIONS.value}" in README.read_text(encoding="utf-8")
