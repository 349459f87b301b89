"""The local Discord's remote control: JSON over HTTP under `/_control`, for tests whose bot is a process.

Every answer carries `revision`, which grows with every change in the world; `GET` with `after=<revision>`
waits (`WAIT_SECONDS` at most) until something has changed since.
"""

import dataclasses

from aiohttp import web

from tests.servers.discord.edge import Fault, answer
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import Channel, Message, Payload, User

CONTROL = "/_control"
WAIT_SECONDS = 20.0


class Control:
    """Handlers that pass on to a `DiscordServer`'s own methods."""

    def __init__(self, server: DiscordServer) -> None:
        self._server = server
        self._interactions: dict[str, Interaction] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(CONTROL + "/world", self.world),
            web.get(CONTROL + "/messages", self.messages),
            web.get(CONTROL + "/interaction", self.interaction),
            web.get(CONTROL + "/requests", self.requests),
            web.post(CONTROL + "/user", self.user),
            web.post(CONTROL + "/channel", self.channel),
            web.post(CONTROL + "/say", self.say),
            web.post(CONTROL + "/dm", self.dm),
            web.post(CONTROL + "/slash", self.slash),
            web.post(CONTROL + "/press", self.press),
            web.post(CONTROL + "/send_form", self.send_form),
            web.post(CONTROL + "/react", self.react),
            web.post(CONTROL + "/rewrite", self.rewrite),
            web.post(CONTROL + "/delete_message", self.delete_message),
            web.post(CONTROL + "/delete_channel", self.delete_channel),
            web.post(CONTROL + "/disconnect", self.disconnect),
            web.post(CONTROL + "/fault", self.fault),
        ]

    async def world(self, request: web.Request) -> web.Response:
        """Who and what there is, and how often a bot has identified: 0 until one is connected."""
        await self._wait(request)
        world, gateway = self._server.world, self._server.gateway
        return self._answer(
            {
                "bot": world.bot.id,
                "bot_role": world.bot_role.id,
                "guild": world.guild,
                "channels": {channel.id: channel.name for channel in world.channels.values()},
                "commands": [command["name"] for command in world.commands],
                "command_uploads": world.command_uploads,
                "identified": gateway.identified,
                "resumed": gateway.resumed,
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The messages of `channel`, oldest first, each with every version of its text."""
        await self._wait(request)
        channel = self._channel(request.query["channel"])
        return self._answer({"messages": [_message(one) for one in self._server.messages(channel)]})

    async def interaction(self, request: web.Request) -> web.Response:
        """How interaction `id` was answered so far."""
        await self._wait(request)
        interaction = self._interactions[request.query["id"]]
        answered = interaction.answered
        follow_ups = [_message(one) for one in interaction.follow_ups]
        return self._answer(
            {
                "answer": _message(answered) if answered else None,
                "follow_ups": follow_ups,
                "form": interaction.form,
            }
        )

    async def requests(self, request: web.Request) -> web.Response:
        """Every request of the bot, and how many were answered with which status."""
        edge = self._server.edge
        log = [dataclasses.asdict(one) for one in edge.requests]
        return self._answer({"requests": log, "statuses": edge.statuses})

    async def user(self, request: web.Request) -> web.Response:
        return self._answer({"id": self._server.world.add_user((await request.json())["name"]).id})

    async def channel(self, request: web.Request) -> web.Response:
        return self._answer({"id": (await self._server.add_channel((await request.json())["name"])).id})

    async def say(self, request: web.Request) -> web.Response:
        """Let `user` write `text` in `channel`, as a reply to `reply_to` where that is given."""
        wish = await request.json()
        channel = self._channel(wish["channel"])
        quoted = channel.messages[wish["reply_to"]] if wish.get("reply_to") else None
        message = await self._server.say(channel, self._user(wish), wish["text"], reply_to=quoted)
        return self._answer({"id": message.id})

    async def dm(self, request: web.Request) -> web.Response:
        wish = await request.json()
        message = await self._server.dm(self._user(wish), wish["text"])
        return self._answer({"id": message.id, "channel": message.channel.id})

    async def slash(self, request: web.Request) -> web.Response:
        wish = await request.json()
        interaction = await self._server.slash(
            self._channel(wish["channel"]),
            self._user(wish),
            wish["name"],
            wish.get("options"),
            locale=wish.get("locale", "en-US"),
        )
        self._interactions[interaction.id] = interaction
        return self._answer({"id": interaction.id})

    async def press(self, request: web.Request) -> web.Response:
        """Let `user` press the button that says `label`: below `message` in `channel`, or below what answered
        `interaction`."""
        wish = await request.json()
        message = self._message(wish)
        pressed = await self._server.press(message, self._user(wish), wish["label"])
        self._interactions[pressed.id] = pressed
        return self._answer({"id": pressed.id})

    async def send_form(self, request: web.Request) -> web.Response:
        """Let the form that `interaction` opened be sent, with `fields` filled in."""
        wish = await request.json()
        sent = await self._server.send_form(self._interactions[wish["interaction"]], wish.get("fields"))
        self._interactions[sent.id] = sent
        return self._answer({"id": sent.id})

    async def react(self, request: web.Request) -> web.Response:
        wish = await request.json()
        await self._server.react(self._message(wish), self._user(wish), wish["emoji"])
        return self._answer({})

    async def rewrite(self, request: web.Request) -> web.Response:
        wish = await request.json()
        await self._server.rewrite(self._message(wish), wish["text"])
        return self._answer({})

    async def delete_message(self, request: web.Request) -> web.Response:
        await self._server.delete_message(self._message(await request.json()))
        return self._answer({})

    async def delete_channel(self, request: web.Request) -> web.Response:
        await self._server.delete_channel(self._channel((await request.json())["channel"]))
        return self._answer({})

    async def disconnect(self, request: web.Request) -> web.Response:
        """Cut the gateway's connections; the bot may come back at once."""
        async with self._server.disconnected(forget=bool((await request.json()).get("forget"))):
            pass
        return self._answer({})

    async def fault(self, request: web.Request) -> web.Response:
        """Let requests go wrong, in the words of `Fault`."""
        self._server.fail(Fault(**await request.json()))
        return self._answer({})

    async def _wait(self, request: web.Request) -> None:
        world = self._server.world
        after = int(request.query.get("after", "-1"))
        try:
            await world.until(lambda: world.revision > after, timeout=WAIT_SECONDS)
        except TimeoutError:
            return

    def _answer(self, content: Payload) -> web.Response:
        return answer({**content, "revision": self._server.world.revision})

    def _channel(self, channel: str) -> Channel:
        return self._server.world.channels[channel]

    def _message(self, wish: Payload) -> Message:
        """The message that is meant: one in a channel, or the first answer to an interaction."""
        if "interaction" in wish:
            answered = self._interactions[wish["interaction"]].answered
            if answered is None:
                raise web.HTTPConflict(text="there is no answer yet")
            return answered
        return self._channel(wish["channel"]).messages[wish["message"]]

    def _user(self, wish: Payload) -> User:
        return self._server.world.users[wish["user"]]


def _message(message: Message) -> Payload:
    return {
        "id": message.id,
        "author": message.author.id,
        "content": message.content,
        "reference": message.reference,
        "allowed_mentions": message.allowed_mentions,
        "flags": message.flags,
        "components": list(message.components),
        "files": [file.path for file in message.files],
        "versions": [dataclasses.asdict(version) for version in message.versions],
    }
