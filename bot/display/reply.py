"""One growing answer, shown at the platform's pace.

The reader of the model appends and never waits. The writer is a task of its own: it waits for a slot, shows
the newest text, one call in flight, never an older text after a newer one, never the same text twice, and
always the last.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.conversation.events import Said
from bot.conversation.requests import NOTHING_YET, Progress
from bot.conversation.views import Button, Page
from bot.display.conversation import Growing
from bot.display.draft import Boundary, Draft
from bot.display.paced import Paced
from bot.display.pacing import Call, Urgency
from bot.display.right import Right
from bot.display.stopwatch import Stopwatch
from bot.ports import sent_only_while

_Look = tuple[str, tuple[Button, ...], bool]
"""How a page looks: its text, its buttons, and whether it is settled where that shows."""


class Reply:
    """The answer to one question: text grows at one end, messages at the other.

    - `once` makes its posts differ from those of another reply to the same question.
    - `right` is asked before each call, so that the store has what is shown, and after a post, so that it has
      the message's id. While it is not held, the text on the screen stands still.
    - `progress` is what had been shown before. Its messages are written on; nothing is shown until the text
      has come as far as it was; messages that are not needed any more are removed.
    - `again`: somebody was at work on it before, and may have posted what `progress` does not say.
    - `buttons` stand below it while it grows.
    - `grew` is called whenever something else is shown of it.

    Its texts: `text` is what the model wrote in this try, `progress` has the longer of that and of what had
    been shown before, `growing` what watchers see, and `standing` what stands on the screen. `overdue`: a
    call was on its way when the right ended, and may arrive behind one of whoever has it now.
    """

    def __init__(
        self,
        question: Said,
        *,
        once: str,
        screen: Paced,
        boundary: Boundary,
        right: Right,
        progress: Progress = NOTHING_YET,
        again: bool = False,
        buttons: tuple[Button, ...] = (),
        grew: Callable[[], None] = lambda: None,
    ) -> None:
        self._question = question
        self._once = once
        self._screen = screen
        self._right = right
        self._earlier = progress
        self._again = again
        self._buttons = buttons
        self._grew = grew
        self._boundary = boundary
        self._draft = Draft(screen.limits.page_length, boundary)
        self._pieces: list[str] = []
        self._length = 0
        self._status = ""
        self._note = ""
        self._ended = False
        self._settled = False
        self._changed = asyncio.Event()
        self._messages: list[str] = list(progress.replies)
        self._shown: list[_Look] = [("", (), False)] * len(self._messages)
        self._bodies = [""] * len(self._messages)
        self._calling = asyncio.Lock()
        self._quiet = False
        self._surplus = False
        self._shown_at = 0.0
        self._waiting: Call | None = None
        self.watch = Stopwatch(screen.platform.name, screen.meter, stood=len(progress.text))
        self.overdue = False

    @property
    def text(self) -> str:
        """The answer so far, as the model wrote it."""
        return "".join(self._pieces)

    @property
    def started(self) -> bool:
        """Whether the model has said anything."""
        return self._length > 0

    @property
    def growing(self) -> Growing:
        """What whoever watches the conversation sees of it."""
        text = self.text if self._ended else max(self.text, self._earlier.text, key=len)
        return Growing(
            question=self._question.id,
            text=text,
            status=self._status,
            note=self._note,
            buttons=self._buttons,
            ended=self._settled,
        )

    @property
    def progress(self) -> Progress:
        """What another process needs to go on."""
        text = max(self.text, self._earlier.text, key=len)
        return Progress(text=text, replies=tuple(self._messages))

    @property
    def standing(self) -> str:
        """The part of the answer that stands on the screen."""
        return max("".join(self._bodies), self._earlier.text, key=len)

    def put_back(self, text: str) -> None:
        """Let `text`, which stands on the screen, stay in place of the one that has come since."""
        self._pieces.clear()
        self._length = 0
        self._draft = Draft(self._screen.limits.page_length, self._boundary)
        self.append(text)

    def append(self, text: str) -> None:
        """Add the next piece."""
        if not self._length:
            self._begin()
        self._pieces.append(text)
        self._length += len(text)
        self._draft.append(text)
        self._changed.set()

    def _begin(self) -> None:
        self.watch.begin()
        if self._waiting is not None and self._waiting.urgency is Urgency.WAITING:
            self._screen.slots.hurry(self._waiting, Urgency.GROWING if self._messages else Urgency.FIRST)

    def start_over(self) -> None:
        """Another text comes in place of this one, which stands until that is as long."""
        self._earlier = replace(self._earlier, text=self.progress.text)
        self.put_back("")

    def take_back(self, text: str) -> None:
        """Only `text` was the answer's: the rest shall stand nowhere, however much of it has been shown."""
        self._earlier = replace(self._earlier, text=text)
        self._surplus = True
        self.watch.take_back()
        self.put_back(text)

    def status(self, text: str) -> None:
        """Show why there are no words yet; the first words replace it."""
        if text != self._status:
            self._status = text
            self._changed.set()

    def finish(self, note: str = "", buttons: tuple[Button, ...] = ()) -> None:
        """No more text comes. `note` is the bot's own line below it."""
        self._note = note
        self._buttons = buttons
        self._ended = True
        self.watch.end()
        self._changed.set()
        if self._waiting is not None and self._waiting.spares:
            self._screen.slots.hurry(self._waiting, Urgency.FINAL)

    async def fall_silent(self) -> None:
        """Show nothing more; when this returns, no call is on its way and `progress` has every message."""
        self._quiet = True
        async with self._calling:
            return

    async def hand_over(self, text: str) -> None:
        """Show `text` where there are no words yet: another process goes on, and `write` has ended."""
        if not self.progress.text:
            await self._post_or_edit(Page(number=0, body="", text=text))

    async def write(self) -> None:
        """Show the text until its last version is shown. Raises the errors under `PlatformError`, but
        `TooFast`."""
        while True:
            if not self._changed.is_set():
                await self._changed.wait()
                self.watch.wake()
            self._changed.clear()
            await self._read()
            while not self._quiet and (page := self._next_page()) is not None:
                await self._right.wait()
                self._waiting = call = self._call(page)
                await self._screen.in_turn(call, partial(self._show, call))
                self._waiting = None
            if self._surplus:
                self._surplus = False
                await self._remove_leftover(max(1, len(self._pages())))
            if self._ended and not self._changed.is_set():
                await self._remove_leftover(len(self._pages()))
                self._settled = True
                self.watch.settle(sum(map(len, self._bodies)))
                self._grew()
                return

    async def _read(self) -> None:
        """Take in what has come: where that is much, others have their turn meanwhile."""
        while self._draft.read():
            await asyncio.sleep(0)

    def _next_page(self) -> Page | None:
        """The first page that is not yet shown as it stands now."""
        for page in self._pages():
            if page.number >= len(self._shown) or self._shown[page.number] != self._look(page):
                return page
        return None

    def _pages(self) -> list[Page]:
        if not self._ended and self._length < len(self._earlier.text):
            return []
        pages = list(self._draft.pages(final=self._ended))
        if not self._ended:
            if not pages and self._status and not self._earlier.text:
                pages.append(Page(number=0, body="", text=self._status))
        elif self._note:
            self._add_note(pages)
        if pages:
            pages[-1] = replace(pages[-1], final=self._ended, buttons=self._buttons)
        return pages

    def _look(self, page: Page) -> _Look:
        return page.text, page.buttons, page.final and self._screen.limits.settles

    def _add_note(self, pages: list[Page]) -> None:
        if pages:
            noted = f"{pages[-1].text.rstrip()}\n\n{self._note}"
            if len(noted) <= self._screen.limits.page_length:
                pages[-1] = replace(pages[-1], text=noted)
                return
        pages.append(Page(number=len(pages), body="", text=self._note, full=True))

    def _call(self, page: Page) -> Call:
        message = self._messages[page.number] if page.number < len(self._messages) else None
        return Call(
            bucket=self._screen.platform.bucket(message),
            channel=self._question.channel,
            urgency=self._urgency(),
            since=self._shown_at,
            not_before=self._shown_at + self._screen.limits.growth_interval if self._messages else 0.0,
        )

    def _urgency(self) -> Urgency:
        if self._ended:
            return Urgency.FINAL if self._messages else Urgency.FIRST
        if not self._length:
            return Urgency.WAITING
        return Urgency.GROWING if self._messages else Urgency.FIRST

    async def _show(self, call: Call) -> None:
        """Show the newest text, if there is anything new."""
        async with self._calling:
            await self._read()
            page = self._next_page()
            if page is None or not await self._right.save() or self._quiet:
                call.needless = True
                return
            await self._screen.slots.ready(call)
            messages = len(self._messages)
            self.watch.take()
            try:
                with sent_only_while(lambda: self._right.holds):
                    await self._post_or_edit(page)
            finally:
                self.overdue = self.overdue or not self._right.holds
            if len(self._messages) > messages:
                await self._right.save()

    async def _post_or_edit(self, page: Page) -> None:
        platform, channel = self._screen.platform, self._question.channel
        if page.number < len(self._messages):
            await platform.edit(channel, self._messages[page.number], page)
            self._shown[page.number], self._bodies[page.number] = self._look(page), page.body
        else:
            once = f"{self._once}-{page.number}"
            after = self._messages[-1] if self._messages else ""
            message = await platform.post(self._question, page, once, again=self._again, after=after)
            self._again = False  # whoever was at work before posted one after the other, too
            self._messages.append(message)
            self._shown.append(self._look(page))
            self._bodies.append(page.body)
        self._shown_at = asyncio.get_running_loop().time()
        if not self._surplus:
            self.watch.show(sum(map(len, self._bodies)))
        self._grew()

    async def _remove_leftover(self, pages: int) -> None:
        while len(self._messages) > pages and not self._quiet:
            await self._right.wait()
            with sent_only_while(lambda: self._right.holds):
                await self._screen.remove(self._question.channel, self._messages[-1])
            del self._messages[-1], self._shown[-1], self._bodies[-1]
            await self._right.save()
