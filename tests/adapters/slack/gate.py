"""The adapter with a gate of ours in place of Slack's: payloads come in as a connection would bring them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.platforms.slack.assembly import assemble
from adapters.platforms.slack.gateway import Transport
from adapters.platforms.slack.missed import Missed
from adapters.platforms.slack.platform import SlackPlatform
from bot.commands import invoke
from bot.commands.panel import panel
from bot.conversation.events import Author, ChannelRef, Deleted, Edited, Event, Invoked, Opened, Said
from bot.conversation.views import Conversation, Notice
from bot.languages import speaker
from bot.ports import Receive
from tests.adapters.slack.memory_client import Known, MemoryClient
from tests.adapters.slack.online import Notes
from tests.adapters.slack.recorded import ADA, GRACE, TEAM
from tests.fakes.budget import InMemoryBudget
from tests.fakes.receiver import context
from tests.fakes.store import InMemoryStore

PEOPLE: Mapping[str, Mapping[str, Any]] = {
    ADA: {
        "id": ADA,
        "name": "ada",
        "profile": {"display_name": "Ada", "real_name": "A. L."},
        "locale": "de-DE",
        "team_id": TEAM,
        "is_admin": True,
    },
    GRACE: {"id": GRACE, "name": "grace", "profile": {"display_name": "", "real_name": "Grace H."}},
}


class Gate:
    """A transport that hands over what a test gives it, and a bot that takes it in. `received`: what it took;
    `faults` are raised first, one an event. What somebody opens is answered over `context`, and a form that
    sets something; other kinds of events by what `notices` says, and all by
    `bot` where there is one."""

    platform: SlackPlatform

    def __init__(self, store: InMemoryStore) -> None:
        self.context = replace(context(), store=store)
        self.received: list[Event] = []
        self.faults: list[Exception] = []
        self.notices: dict[type[Event], Notice] = {}
        self.bot: Receive | None = None
        self.seconds = 0.0
        self._app: asyncio.Future[AsyncApp] = asyncio.get_running_loop().create_future()

    @property
    def connected(self) -> bool:
        return self._app.done()

    async def run(self, app: AsyncApp, reached: Callable[[], None]) -> None:
        reached()
        self._app.set_result(app)
        await asyncio.Event().wait()

    async def receive(self, event: Event) -> Notice | None:
        await asyncio.sleep(self.seconds)
        if self.faults:
            raise self.faults.pop(0)
        if self.bot is not None:
            return await self.bot(event)
        if isinstance(event, Opened) and Opened not in self.notices:
            return await panel(event.channel, event.author, self.context, speaker(event.author.locale))
        self.received.append(event)
        if isinstance(event, Invoked) and event.changes:
            return (await invoke(event, self.context)).notice
        return self.notices.get(type(event))

    async def watch(self, channel: ChannelRef, author: Author) -> AsyncGenerator[Conversation, None]:
        yield Conversation(channel=channel, version=1, exchanges=())

    async def hand(self, payload: Mapping[str, Any]) -> BoltResponse:
        """Deliver it as Socket Mode does; the answer."""
        app = await self._app
        return await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=dict(payload)))

    def messages(self) -> list[Said]:
        return [event for event in self.received if isinstance(event, Said)]

    def others(self) -> list[Edited | Deleted]:
        """What became of messages that were there."""
        return [event for event in self.received if isinstance(event, Edited | Deleted)]

    def commands(self) -> list[Invoked]:
        return [event for event in self.received if isinstance(event, Invoked)]


@asynccontextmanager
async def opened(
    api: MemoryClient,
    known: Known | None = None,
    *,
    store: InMemoryStore | None = None,
    transport: Transport | None = None,
) -> AsyncIterator[Gate]:
    """Take deliveries in until the block ends: through the gate, or through `transport`."""
    gate = Gate(store or InMemoryStore())
    known = known or Known()
    gate.platform = assemble(
        api,
        known,
        transport or gate,
        records=Notes(),
        missed=Missed(api, None, InMemoryBudget()),
        budget=InMemoryBudget(),
    )
    api.people.update(PEOPLE)
    running = asyncio.create_task(gate.platform.run(gate))
    try:
        yield gate
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
