"""The installed program in a Kubernetes namespace, whose services are named like what our variables begin
with."""

from pathlib import Path

from tests.scenarios.bot_process import drain
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.kubernetes import service
from tests.servers.model import ModelServer

SERVICES = {"WEB": 80, "HTTP": 8080, "BOT": 8080, "MODEL": 8000, "SLACK_BOT": 3000}


async def test_it_starts_and_answers_among_the_variables_of_five_services(tmp_path: Path) -> None:
    described: dict[str, str] = {}
    for name, port in SERVICES.items():
        described |= service(name, port)
    assert len(described) == 40
    (tmp_path / ".env").write_text("HTTP_PORT=0\nWEB_PORT=0\n")
    async with DiscordServer() as discord, ModelServer() as model:
        place = Place(discord, model, tmp_path)
        async with place.bot(**described) as bot:
            await place.online()
            await place.ask("Why is the sky blue?")
            await place.answered(str(model.text))
            assert await drain(bot) == 0
