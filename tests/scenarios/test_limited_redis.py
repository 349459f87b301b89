"""The installed program on a Redis that lets it do no more than the documentation asks for."""

from functools import partial
from pathlib import Path

from adapters.stores.redis.trial import RULES
from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.store import emptied, limited

WORDS = ("!temperature 0.3", "!settings", "!export", "!reset", "!forget")


def answers(place: Place, count: int) -> bool:
    """Whether so many stand there."""
    return len(place.answers()) >= count


async def test_it_answers_remembers_forgets_and_starts_again(tmp_path: Path, redis_url: str) -> None:
    async with (
        emptied(redis_url),
        limited(redis_url, RULES) as url,
        DiscordServer() as discord,
        ModelServer() as model,
    ):
        place = Place(discord, model, tmp_path)
        for start in (1, 2):
            async with place.bot(REDIS_URL=url) as bot:
                await place.online(start)
                await place.ask("Why?")
                await place.answered(*[str(model.text)] * start)
                assert await drain(bot) == 0
        async with place.bot(REDIS_URL=url) as bot:
            await place.online(3)
            for count, word in enumerate(WORDS, start=3):
                await place.ask(word)
                await discord.until(partial(answers, place, count), timeout=SETTLED)
            assert await drain(bot) == 0
    log = (tmp_path / "bot.log").read_text()
    assert "NoPermission" not in log
    assert "does not answer" not in log
