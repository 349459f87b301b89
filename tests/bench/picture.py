"""Draws the README's picture from a real run: an answer's versions in a channel, as an animated SVG."""

import asyncio
import sys
import tempfile
import textwrap
from pathlib import Path
from xml.sax.saxutils import escape

from tests.scenarios.bot_process import bot_process
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import Version
from tests.servers.model import ModelServer

QUESTION = "Why is the sky blue?"
ANSWER = (
    "Sunlight holds every colour, and the air scatters them unequally: blue, with its short waves, about "
    "ten times as much as red. So blue light reaches your eyes from all over the sky, while the rest comes "
    "mostly straight from the sun. In the evening the light has crossed so much air that "
    "little blue is left, and the sun looks red."
)
WIDTH, LINE, COLUMNS = 720, 24, 80


async def versions() -> list[Version]:
    """Ask once, and keep what was shown when."""
    async with DiscordServer() as discord, ModelServer(ANSWER, pace=9) as model:
        discord.edge.round_trip = 0.1
        ada = discord.world.add_user("Ada")
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.rest_url,
                "DISCORD_GATEWAY_URL": discord.gateway_url,
                "MODEL_URL": model.url,
            }
            async with bot_process(Path(folder), environment):
                await discord.connected()
                await discord.say(discord.general, ada, f"{discord.bot.mention} {QUESTION}")
                await discord.until(
                    lambda: [each.content for each in discord.answers(discord.general)] == [ANSWER],
                    timeout=60,
                )
        return discord.answers(discord.general)[0].versions


def drawn(shown: list[Version]) -> str:
    """One group a version, each visible from its time to the next one's; the last stays for three seconds."""
    began = shown[0].at
    times = [version.at - began for version in shown]
    length = times[-1] + 3
    height = 110 + LINE * len(textwrap.wrap(ANSWER, COLUMNS))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        'font-family="sans-serif" font-size="16" role="img">',
        "<title>An answer that grows in a channel</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#313338"/>',
        '<text x="20" y="34" fill="#f2f3f5" font-weight="bold">Ada</text>',
        f'<text x="20" y="58" fill="#dbdee1">@Mixtral {escape(QUESTION)}</text>',
        '<text x="20" y="90" fill="#8ea1e1" font-weight="bold">Mixtral</text>',
    ]
    for number, version in enumerate(shown):
        start = times[number] / length
        end = times[number + 1] / length if number + 1 < len(shown) else 1.0
        lines = "".join(
            f'<tspan x="20" y="{114 + LINE * row}">{escape(line)}</tspan>'
            for row, line in enumerate(textwrap.wrap(version.content, COLUMNS))
        )
        moments = (
            f'values="0;1;0" keyTimes="0;{start:.3f};{end:.3f}"'
            if start
            else f'values="1;0" keyTimes="0;{end:.3f}"'
        )
        last = number + 1 == len(shown)
        if last:
            moments = f'values="0;1" keyTimes="0;{start:.3f}"'
        parts.append(
            f'<text fill="#dbdee1" opacity="{int(last)}">{lines}<animate attributeName="opacity" '
            f'calcMode="discrete" dur="{length:.2f}s" repeatCount="indefinite" {moments}/></text>'
        )
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(drawn(asyncio.run(versions())))
