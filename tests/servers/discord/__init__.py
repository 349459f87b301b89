"""A local Discord: a gateway and a REST API on a real socket, which the real discord.py talks to.

`DiscordServer` is what tests start and drive. Point `discord.http.Route.BASE` at its `rest_url` and
`discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY` at its `gateway_url`. As a process of its own:
`python -m tests.servers.discord --port 0`.
"""

from tests.servers.discord.edge import Fault
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.payloads import MESSAGE_CONTENT
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.sharding import WINDOW, Shard, Sharding
from tests.servers.discord.world import Channel, Message, Role, User

__all__ = [
    "MESSAGE_CONTENT",
    "WINDOW",
    "Channel",
    "DiscordServer",
    "Fault",
    "Interaction",
    "Message",
    "Role",
    "Shard",
    "Sharding",
    "User",
]
