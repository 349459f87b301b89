"""What takes a platform's events in, in place of the bot."""

import asyncio
from collections.abc import AsyncGenerator

from bot.commands import invoke
from bot.commands.context import Context
from bot.commands.panel import panel
from bot.conversation.events import Author, ChannelRef, Event, Invoked, Opened, Said
from bot.conversation.generation import OfferedModel
from bot.conversation.settings import GenerationSettings
from bot.conversation.views import Conversation, Notice
from bot.languages import speaker
from tests.fakes.model import Words
from tests.fakes.store import InMemoryStore, now


def context(store: InMemoryStore | None = None, *, everyone: bool = True) -> Context:
    """What verbs work on, over a store in memory: two models, "mixtral" and "other"."""
    return Context(
        store=store or InMemoryStore(),
        defaults=GenerationSettings(model="mixtral"),
        models=[
            OfferedModel(name=name, id=name, host="here", context_tokens=1000)
            for name in ("mixtral", "other")
        ],
        tokens=Words().count,
        everyone=everyone,
        history_days=30,
        alone=("page",),
        now=now,
    )


class Receiver:
    """Takes events, the same message twice as one. `faults` are raised first, one an event.

    What somebody opens is answered as the bot does, over `context`; and so are verbs that want their answer
    back, where it `answers` them. `notice` is given to these instead, where it is set, and to a question with
    a way back; `refusal` to whoever opens something. What is taken in takes `seconds`,
    and waits for `taking`.
    """

    def __init__(self, given: Context | None = None, *, answers: bool = False) -> None:
        self.context = given or context()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.opened: list[Opened] = []
        self.faults: list[Exception] = []
        self.answers = answers
        self.notice: Notice | None = None
        self.refusal: Notice | None = None
        self.seconds = 0.0
        self.taking = asyncio.Event()
        self.taking.set()
        self.conversation: Conversation | None = None
        self._known: set[tuple[str, str]] = set()

    async def receive(self, event: Event) -> Notice | None:
        if self.faults:
            raise self.faults.pop(0)
        await self.taking.wait()
        if isinstance(event, Said):
            if (event.channel.key, event.id) in self._known:
                return None
            self._known.add((event.channel.key, event.id))
        if isinstance(event, Opened):
            self.opened.append(event)
        else:
            self.events.put_nowait(event)
        await asyncio.sleep(self.seconds)
        if self.notice is not None and isinstance(event, Said | Invoked) and event.reply:
            return self.notice
        match event:
            case Opened() if self.refusal is not None:
                return self.refusal
            case Opened():
                say = speaker(event.author.locale)
                return await panel(event.channel, event.author, self.context, say, sessions=event.sessions)
            case Invoked() if event.reply and self.answers:
                return (await invoke(event, self.context)).notice
        return None

    async def watch(self, channel: ChannelRef, author: Author) -> AsyncGenerator[Conversation, None]:
        """Nothing stands anywhere, but what a test says."""
        yield self.conversation or Conversation(channel=channel, version=1, exchanges=())
        await asyncio.Event().wait()

    async def question(self) -> Said:
        """The next event, a question."""
        event = await asyncio.wait_for(self.events.get(), timeout=5)
        assert isinstance(event, Said)
        return event

    async def command(self) -> Invoked:
        """The next event, a verb."""
        event = await asyncio.wait_for(self.events.get(), timeout=5)
        assert isinstance(event, Invoked)
        return event
