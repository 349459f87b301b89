"""Takes interactions to the bot, and what it gives back to whoever began them.

Discord waits three seconds for the first answer. The bot is asked first: what it has taken in is safe, and
what was never answered Discord itself calls failed. Where the bot takes longer, the interaction is deferred;
a form can't be deferred, so what it needs is here in time, or a word takes its place.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from adapters.platforms.discord.draw.messages import buttons_below
from adapters.platforms.discord.interaction_events import First, Interaction, ReplyToken, opening_from
from adapters.platforms.discord.responses import FirstAnswer, Responses, answer_in_words
from bot.conversation.events import Invoked, Said
from bot.conversation.views import Notice, Outcome, Panel
from bot.errors import StoreUnavailable
from bot.languages import speaker
from bot.ports import Receive

logger = logging.getLogger(__name__)

FIRST_ANSWER = 2.0
"""Seconds for the bot. Documented: an interaction's first answer is due in three seconds."""

CLOSING = 1.0
"""Seconds that what is on its way gets at the end."""


class Interactions:
    """`tell` says what the bot gives back."""

    def __init__(
        self,
        receive: Receive,
        responses: Responses,
        tell: Callable[[Said | Invoked, Notice], Awaitable[None]],
    ) -> None:
        self._receive = receive
        self._responses = responses
        self._tell = tell
        self._working: set[asyncio.Task[Notice | None]] = set()

    async def take(self, interaction: Interaction, event: Said | Invoked) -> None:
        """Have an event taken in, and answer with what the bot gives back."""
        async with self.taken(interaction, event) as notice:
            if notice is not None:
                await self.answer(event, notice)
            elif isinstance(event, Said):
                await self._responses.defer(event.reply)
            # Else another process with the same token has the event, and answers it.

    @asynccontextmanager
    async def taken(self, interaction: Interaction, event: Said | Invoked) -> AsyncIterator[Notice | None]:
        """Have an event taken in; what the bot gives back, for a block that answers with it. Where that takes
        long, the interaction has been deferred by then."""
        self._responses.begin(interaction, event.reply)
        taking = asyncio.create_task(self._notice(event))
        self._working.add(taking)
        taking.add_done_callback(self._working.discard)
        try:
            done, _ = await asyncio.wait((taking,), timeout=FIRST_ANSWER)
            late = not done and await self._responses.defer(event.reply) is FirstAnswer.FAILED
            notice = await taking
            yield None if late else notice
        finally:
            self._responses.end(event.reply)

    async def answer(self, event: Said | Invoked, notice: Notice) -> None:
        """Answer with a notice; the panel that something was changed on is drawn anew, and so are buttons
        that have outlived their use."""
        if notice.below is not None:
            await self._responses.redraw(event.reply, buttons_below(notice.below, event.channel))
        panel = ReplyToken.read(event.reply).first is First.PANEL
        if not panel or await self._responses.defer(event.reply) is not FirstAnswer.FAILED:
            await self._tell(event, notice)

    async def close(self) -> None:
        """Let what is on its way arrive, then stop."""
        if self._working:
            _, late = await asyncio.wait(self._working, timeout=CLOSING)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _notice(self, event: Said | Invoked) -> Notice | None:
        """What the bot gives back; whatever goes wrong is in words."""
        try:
            return await self._receive(event)
        except StoreUnavailable:
            phrase = "store_unavailable"
        except Exception:
            logger.exception("interaction %s", event.id)
            phrase = "unexpected"
        return Notice(text=speaker(event.author.locale)(phrase), outcome=Outcome.FAILED)

    async def panel_for_form(self, interaction: Interaction) -> Panel | None:
        """What may be seen there, for whoever opens a form, and first of all whether they may; where it is
        not here, they are told why."""
        notice = await self.panel(interaction)
        if notice is not None and notice.panel is not None:
            return notice.panel
        late = speaker(interaction.locale.value)("form_late")
        await answer_in_words(interaction, late if notice is None else notice.text)
        return None

    async def panel(self, interaction: Interaction) -> Notice | None:
        """What may be seen of the place where somebody is; `None` where that is not here in time."""
        event = opening_from(interaction)
        try:
            async with asyncio.timeout(FIRST_ANSWER):
                return await self._receive(event)
        except (TimeoutError, StoreUnavailable) as error:
            logger.warning("%s: not in time: %s", event.channel.key, type(error).__name__)
            return None
