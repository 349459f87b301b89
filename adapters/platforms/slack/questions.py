"""Questions that are no messages of their own: put into the channel first, where everybody sees them.

Slack tells the bot of that message, as of every other, until it is taken in: so a question is answered though
the process that put it there died before it could be kept. It is the same question, and answered once.
"""

from contextlib import suppress

from adapters.platforms.slack import draw
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.translate import address_of, opening_of, thread
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Address, Invoked, Said
from bot.conversation.views import Notice, Outcome
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Records

REPLAYED = 3600
"""Seconds in which the same command is the same question: its signature is good for five minutes."""


class Questions:
    """Puts them there, and takes them in."""

    def __init__(self, client: Client, inbox: Inbox, records: Records) -> None:
        self._client = client
        self._inbox = inbox
        self._records = records

    async def ask(
        self,
        invoked: Invoked,
        text: str,
        *,
        quotes: tuple[Quote, ...] = (),
        attachments: tuple[Attachment, ...] = (),
    ) -> Notice | None:
        """Ask in a thread or a channel; why it is not asked, where who asks may not.

        What may not be asked is not put into the channel either, or not left there: the bot does not speak
        for just anybody. Raises `StoreUnavailable` and the errors under `PlatformError`.
        """
        seen = await self._inbox.receive(opening_of(invoked))
        if seen is None or seen.panel is None:
            return seen
        if not await self._records.claim(f"asked:{invoked.id}", REPLAYED):
            return None
        where = invoked.channel
        ts = await self._post(invoked, text)
        home, beside = address_of(where)
        question = Said(
            channel=thread(where.workspace, home, beside or ts, private=where.private),
            id=ts,
            author=invoked.author,
            text=text,
            sent_at=float(ts),
            address=Address.COMMAND,
            attachments=attachments,
            quotes=quotes,
            reply=invoked.reply,
        )
        try:
            notice = await self._inbox.receive(question)
        except StoreUnavailable:
            await self._remove(question)
            raise
        if notice is not None and notice.outcome in (Outcome.REFUSED, Outcome.FAILED):
            await self._remove(question)
        return notice

    async def _post(self, invoked: Invoked, text: str) -> str:
        home, beside = address_of(invoked.channel)
        posted = await self._client(
            invoked.channel.workspace,
            "chat.postMessage",
            channel=home,
            **draw.question(text, invoked.author),
            **({"thread_ts": beside} if beside else {}),
        )
        return str(posted["ts"])

    async def _remove(self, question: Said) -> None:
        home, _ = address_of(question.channel)
        with suppress(PlatformError):
            await self._client(question.channel.workspace, "chat.delete", channel=home, ts=question.id)
