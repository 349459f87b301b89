"""Several models through the installed program: listed with their cards, chosen for a channel, taken away."""

import json
from pathlib import Path

from tests.scenarios.bot_process import drain
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer

MIXTRAL = "mistralai/Mixtral-8x7B-Instruct-v0.1"


async def test_a_model_is_chosen_from_cards_and_one_that_is_gone_falls_back_and_says_so(
    tmp_path: Path,
) -> None:
    async with (
        DiscordServer() as discord,
        ModelServer("I am large.") as large,
        ModelServer("And I.") as small,
    ):
        place = Place(discord, large, tmp_path)
        first = {"name": "mixtral", "id": MIXTRAL, "url": large.url, "context": 32768, "size": "46.7B"}
        second = {"name": "tiny", "id": "local/tiny", "url": small.url, "context": 4096, "size": "1.1B"}
        async with place.bot(MODELS=json.dumps([first, second])) as bot:
            await place.online()
            typed = await discord.type(discord.general, place.ada, "model", "ti")
            await discord.until(lambda: typed.choices)
            offered = [(choice["value"], choice["name"]) for choice in typed.choices or ()]
            chosen = await discord.slash(discord.general, place.ada, "model", {"value": "tiny"})
            await discord.until(lambda: chosen.answered)
            await place.ask("Who are you?")
            await place.answered("Ada changed model from mixtral to tiny in this channel.", "And I.")
            assert await drain(bot) == 0
        async with place.bot(MODELS=json.dumps([first])):
            await place.online(2)
            await place.ask("And now?")
            gone = "*The model tiny is no longer offered here, so mixtral answered.*"
            await place.answered(
                "Ada changed model from mixtral to tiny in this channel.",
                "And I.",
                f"I am large.\n\n{gone}",
            )
    assert offered == [("tiny", "tiny: 1.1B, a window of 4,096 tokens, on 127.0.0.1")]
    assert [request.body["model"] for request in small.requests] == ["local/tiny"]
    assert [request.body["model"] for request in large.requests] == [MIXTRAL]
