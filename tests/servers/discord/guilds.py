"""The REST routes about the guild that the bot is in."""

from aiohttp import web

from tests.servers.discord import payloads
from tests.servers.discord.edge import API, Refused, answer
from tests.servers.discord.permissions import EVERYBODY
from tests.servers.discord.world import World


class Guilds:
    """Handlers over the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(API + "/users/@me/guilds", self.mine),
            web.get(API + "/guilds/{guild}/channels", self.channels),
            web.get(API + "/guilds/{guild}/members/{user}", self.member),
        ]

    async def mine(self, _request: web.Request) -> web.Response:
        """The guilds, each with what the bot may there before its channels' overwrites."""
        may = str(self._world.bot_permissions | EVERYBODY)
        guilds = [payloads.guild(self._world, each) for each in self._world.guilds]
        return answer([{"id": each["id"], "name": each["name"], "permissions": may} for each in guilds])

    async def channels(self, request: web.Request) -> web.Response:
        guild = request.match_info["guild"]
        if guild not in self._world.guilds:
            raise Refused(404, 10004, "Unknown Guild")
        return answer(payloads.guild(self._world, guild)["channels"])

    async def member(self, request: web.Request) -> web.Response:
        user = self._world.users.get(request.match_info["user"], self._world.bot)
        return answer({**payloads.member(self._world, user), "user": payloads.user(user)})
