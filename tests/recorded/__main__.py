"""Record what a version keeps, by having people talk to it.

git worktree add /tmp/old COMMIT
python3 -m venv /tmp/old-venv && /tmp/old-venv/bin/pip install -r /tmp/old/requirements.lock
python -m tests.recorded /tmp/old tests/recorded/format-N.backup --python /tmp/old-venv/bin/python
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.configuration import load_settings
from adapters.operator.backup.progress import Progress
from adapters.operator.backup.saving import new_file, save
from tests.adapters.discord.seen import seen
from tests.chaos.fleet import Fleet
from tests.chaos.run import on_discord
from tests.chaos.store import local_store
from tests.servers.discord import Channel, DiscordServer, Message, User
from tests.servers.discord.permissions import MANAGE_CHANNELS
from tests.servers.model import ModelServer

START = "from adapters.main import main; main()"
SETTLED = 30.0
"""Seconds until what is waited for has failed."""

KEPT = 2.0
"""Seconds in which what stands on the screen is settled and kept."""


NUMBERS = itertools.count()


def said_to(asked: str) -> str:
    """What the model says, and never the same again."""
    long = " ".join(f"w{number}" for number in range(500))
    return long if "Count" in asked else f"Because of {next(NUMBERS)}."


@asynccontextmanager
async def bot(
    checkout: Path, python: Path, folder: Path, variables: Mapping[str, str]
) -> AsyncIterator[Fleet]:
    program = (str(python), "-c", START)
    environment = {"PYTHONPATH": str(checkout), "WEB_PORT": "0", **variables}
    async with Fleet(folder, environment, 1, program=program) as fleet:
        await fleet.start_all()
        assert not fleet.given_up, fleet.given_up
        yield fleet


async def record(checkout: Path, python: Path, output: Path) -> None:
    """Play it, and write the file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with DiscordServer() as discord, ModelServer(said_to) as model, local_store(folder) as store:
            people = discord.world.add_user("Ada"), discord.world.add_user("Bob")
            discord.world.add_role("keepers", permissions=MANAGE_CHANNELS, people=people[:1])
            variables = {**on_discord(discord), "MODEL_URL": model.url, "REDIS_URL": store.url}
            async with bot(checkout, python, folder, variables) as fleet:
                await discord.until(lambda: discord.world.commands, timeout=SETTLED)
                await asyncio.sleep(KEPT)
                await play(discord, model, *people)
                await fleet.kill(0)
            settings = load_settings({"REDIS_URL": store.url}, folder / "none")
            with new_file(output, force=True) as file:
                print(await save(settings, file, passphrase="", progress=Progress(sys.stderr)))


async def play(discord: DiscordServer, model: ModelServer, ada: User, bob: User) -> None:
    """What people do, to the moment in which one answer grows and another question waits."""
    general, mention = discord.general, discord.bot.mention

    async def answers(count: int, channel: Channel = general) -> list[Message]:
        await discord.until(lambda: len(discord.answers(channel)) == count, timeout=SETTLED)
        await asyncio.sleep(KEPT)
        return discord.answers(channel)

    await discord.say(general, ada, f"{mention} !temperature 0.3")
    await discord.say(general, ada, f"{mention} !system Speak like a pirate. ☠")
    await answers(2)
    await discord.say(general, ada, f"{mention} Why is the sky blue?")
    answer = (await answers(3))[-1]
    await discord.until(lambda: "[Regenerate]" in seen(answer), timeout=SETTLED)
    await discord.press(answer, ada, "Regenerate")
    await discord.until(lambda: "(2/2)" in seen(answer), timeout=SETTLED)
    await asyncio.sleep(KEPT)
    await discord.react(answer, bob, "👍")
    letter = ("letter.txt", "Querida Ada:\n¿por qué?\n".encode(), "text/plain")
    await discord.say(general, bob, f"{mention} What does it say?", attachments=[letter])
    answer = (await answers(4))[-1]
    thread = await discord.open_thread(answer, "more")
    await discord.say(thread, ada, f"{mention} And in a thread?")
    await answers(1, thread)
    await discord.dm(bob, "In private?")
    await answers(1, discord.world.direct_channel(bob))
    model.pace = 20
    await discord.say(general, ada, f"{mention} Count.")
    await answers(5)
    await discord.say(general, bob, f"{mention} I wait.")
    await asyncio.sleep(KEPT)


def main() -> None:
    """Record it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--python", type=Path, default=Path(sys.executable))
    asked = parser.parse_args()
    asyncio.run(record(asked.checkout.resolve(), asked.python.absolute(), asked.output))


if __name__ == "__main__":
    main()
