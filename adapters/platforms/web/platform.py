"""The page as a `Platform`: what the bot shows and says is put on the conversations' boards."""

from collections.abc import Awaitable, Callable

from adapters.platforms.web.boards import Boards
from adapters.platforms.web.limits import LIMITS
from adapters.platforms.web.translate import PLATFORM, message_id, question_of
from bot.conversation.content import Attachment
from bot.conversation.events import ChannelRef, Invoked, Said, Spoken
from bot.conversation.views import Notice, Page
from bot.errors import ChannelGone
from bot.ports import Receive

Serve = Callable[[Receive], Awaitable[None]]
"""Shows the page to whoever comes and hands in what they do, until cancelled."""

WIPES = ("reset", "forget")


class WebPlatform:
    """`serve` is what browsers come to; it looks at the same `boards`."""

    name = PLATFORM
    limits = LIMITS

    def __init__(self, boards: Boards, serve: Serve) -> None:
        self._boards = boards
        self._serve = serve

    async def run(self, receive: Receive) -> None:
        """Serve the page. Raises `AddressTaken`."""
        await self._serve(receive)

    def bucket(self, message: str | None) -> str:
        """Nobody counts what is shown."""
        return "show"

    async def post(self, question: Said, page: Page, once: str) -> str:
        """Show a page of the answer below its question."""
        board = self._boards.of(question.channel)
        message = message_id(question.id, once)
        known = board.turn(question.id) is not None
        live = board.begin(question.id, None if known else question)
        live.pages[page.number] = (message, page)
        self._shown(question.channel, page)
        return message

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show a page as it is now, on a board that may never have seen it."""
        live = self._boards.of(channel).begin(question_of(message), None)
        live.pages[page.number] = (message, page)
        self._shown(channel, page)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Take a page away; without pages there is no answer."""
        board = self._boards.of(channel)
        question = question_of(message)
        if live := board.live.get(question):
            live.pages = {number: each for number, each in live.pages.items() if each[0] != message}
            if not live.pages:
                del board.live[question]
        board.stale = True
        board.touch()

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say it in the conversation, or to whoever waits for it; what was forgotten goes from the page."""
        board = self._boards.of(to.channel)
        if isinstance(to, Invoked) and to.verb in WIPES and not notice.buttons:
            if to.verb == "forget":
                self._boards.forget(to.person)
            board.wipe()
        if (waiting := self._boards.answers.pop(to.id, None)) is not None and not waiting.done():
            waiting.set_result(notice)
        elif isinstance(to, Said) and to.id in board.live and board.turn(to.id) is None:
            board.fail(to.id, notice.text)
        else:
            board.live.pop(to.id, None)
            board.notice = notice
        board.stale = True
        board.touch()

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """Nothing can be attached on the page."""
        raise ChannelGone("the page takes no files")

    async def thinking(self, channel: ChannelRef) -> None:
        """A question without an answer shows moving dots: that is sign enough."""

    def _shown(self, channel: ChannelRef, page: Page) -> None:
        board = self._boards.of(channel)
        board.stale = board.stale or page.final
        board.touch()
