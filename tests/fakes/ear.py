"""What takes a platform's events in, in place of the bot."""

import asyncio

from bot.conversation.events import Event, Invoked, Said


class Ear:
    """Takes events, the same message twice as one. `faults` are raised first, one an event."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.faults: list[Exception] = []
        self._heard: set[tuple[str, str]] = set()

    async def receive(self, event: Event) -> None:
        if self.faults:
            raise self.faults.pop(0)
        if isinstance(event, Said):
            if (event.channel.key, event.id) in self._heard:
                return
            self._heard.add((event.channel.key, event.id))
        self.events.put_nowait(event)

    async def question(self) -> Said:
        event = await asyncio.wait_for(self.events.get(), timeout=5)
        assert isinstance(event, Said)
        return event

    async def command(self) -> Invoked:
        event = await asyncio.wait_for(self.events.get(), timeout=5)
        assert isinstance(event, Invoked)
        return event
