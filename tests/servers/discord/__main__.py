"""The local Discord as a process: prints its addresses as one line of JSON, serves until it is ended."""

import argparse
import asyncio
import json
import signal
import sys

from tests.servers.discord import MESSAGE_CONTENT, DiscordServer
from tests.servers.discord.control import CONTROL, Control


async def serve(port: int, round_trip: float, privileged: int) -> None:
    """Run until SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    server = DiscordServer(port=port, privileged=privileged)
    server.edge.round_trip = round_trip
    server.app.add_routes(Control(server).routes())
    async with server:
        addresses = {
            "rest_url": server.rest_url,
            "gateway_url": server.gateway_url,
            "control_url": server.gateway.base + CONTROL,
            "token": server.token,
            "bot": server.bot.id,
            "general": server.general.id,
        }
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        await ended.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.servers.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--round-trip", type=float, default=0.0, help="seconds that a REST request takes")
    parser.add_argument("--message-content", action="store_true", help="grant the message-content intent")
    wish = parser.parse_args()
    asyncio.run(serve(wish.port, wish.round_trip, MESSAGE_CONTENT if wish.message_content else 0))


main()
