"""Conversations on the page, over the whole bot with a model that is none, on virtual time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from adapters.platforms.web.limits import LISTED
from adapters.platforms.web.pictures import Listeners
from adapters.platforms.web.platform import WebPlatform
from bot import ports
from bot.conversation.generation import FinishReason
from bot.conversation.verbs import AGAIN, COPY, EXPORT, FORGET, GO_ON, GOOD, STOP, VERSION
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from bot.service.admission import Admission
from tests.adapters.web.open_page import BOB, OpenPage
from tests.fakes.bot import Bot
from tests.fakes.model import Speaker
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
THINKING = "Mixtral is thinking."


class Site:
    """The bot with its page. `open` is a page of it, in Ada's browser where nobody else is named."""

    def __init__(
        self,
        pieces: Sequence[str] = SKY,
        *,
        every: float = 0.1,
        questions: int = 100,
        store: InMemoryStore | None = None,
        admission: Admission | None = None,
        ends_with: FinishReason = FinishReason.END,
        drain_seconds: float = 30,
    ) -> None:
        self.listeners = Listeners()
        self.model = Speaker(pieces, every=every, ends_with=ends_with)
        self._bot: ports.Bot | None = None
        self.whole = Bot(
            self.model,
            platform=WebPlatform(self.listeners, self._serve),
            store=store,
            questions=questions,
            admission=admission,
            drain_seconds=drain_seconds,
        )
        self.store = self.whole.store

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.whole.running():
            await asyncio.sleep(0.01)
            yield

    def open(self, **options: object) -> OpenPage:
        assert self._bot is not None
        return OpenPage(self._bot, self.listeners, **options)  # type: ignore[arg-type]  # those of the page

    async def _serve(self, bot: ports.Bot) -> None:
        self._bot = bot
        await asyncio.Event().wait()


async def test_an_answer_grows_on_the_page_and_stays() -> None:
    site = Site(every=1.0)
    async with site.running(), site.open() as page:
        assert page.questions == []
        await page.asks("Why is the sky blue?")
        assert (page.questions, page.answers, page.busy) == (["Why is the sky blue?"], [THINKING], True)
        await asyncio.sleep(2.5)
        assert page.answers == ["The sky"]
        assert page.buttons == []
        await asyncio.sleep(5)
        assert (page.answers, page.busy, page.notice) == (["The sky is blue."], False, "")
        assert page.buttons == [AGAIN.word, "answer", GOOD.word, "bad"]
        assert page.listed == ["Why is the sky blue?"]


async def test_nothing_is_drawn_where_nothing_changes() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        drawn = page.drawn
        await asyncio.sleep(600)
        assert page.drawn == drawn


async def test_a_page_that_is_opened_in_mid_answer_sees_it_grow() -> None:
    site = Site(every=1.0)
    async with site.running():
        async with site.open() as page:
            await page.asks("Why is the sky blue?")
            await asyncio.sleep(1.5)
        async with site.open() as reloaded:
            assert (reloaded.questions, reloaded.answers) == (["Why is the sky blue?"], ["The"])
            await asyncio.sleep(1)
            assert reloaded.answers == ["The sky"]
            await asyncio.sleep(5)
            assert (reloaded.answers, reloaded.busy) == (["The sky is blue."], False)
    assert len(site.model.prompts) == 1


async def test_a_second_tab_shows_the_same() -> None:
    site = Site(every=1.0)
    async with site.running(), site.open() as one, site.open() as other:
        await one.asks("Why is the sky blue?")
        assert other.questions == ["Why is the sky blue?"]
        await asyncio.sleep(2.5)
        assert one.answers == other.answers == ["The sky"]
        await other.presses(STOP.word)
        await asyncio.sleep(2)
        assert (one.answers, one.busy) == (other.answers, other.busy)
        assert one.answers[0].startswith("The sky")
        assert "is blue" not in one.answers[0]


async def test_an_answer_that_is_cut_by_a_restart_goes_on_where_it_is_opened_again() -> None:
    store = InMemoryStore()
    first = Site(every=1.0, store=store, drain_seconds=0)
    async with first.running(), first.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(2.5)
        assert page.answers == ["The sky"]
    second = Site(every=1.0, store=store)
    async with second.running(), second.open() as page:
        assert page.questions == ["Why is the sky blue?"]
        await asyncio.sleep(60)
        assert (page.answers, page.busy) == (["The sky is blue."], False)


async def test_another_version_is_written_and_the_first_one_is_found_again() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        site.model.pieces = ["Rayleigh."]
        await page.presses(AGAIN.word)
        assert page.notice == ""
        await asyncio.sleep(5)
        assert page.answers == ["Rayleigh."]
        await page.presses(VERSION.word, "1")
        await asyncio.sleep(5)
        assert page.answers == ["The sky is blue."]


async def test_an_answer_at_its_limit_goes_on() -> None:
    site = Site(("It begins",), ends_with=FinishReason.LENGTH)
    async with site.running(), site.open() as page:
        await page.asks("Tell me a story.")
        await asyncio.sleep(5)
        assert "limit of 256 tokens" in page.answers[0]
        site.model.pieces, site.model.ends_with = [" and it ends."], FinishReason.END
        await page.presses(GO_ON.word)
        await asyncio.sleep(5)
        assert page.answers == ["It begins and it ends."]


async def test_an_edited_question_is_answered_anew() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        site.model.pieces = ["Dust."]
        await page.edits("Why is Mars red?")
        await asyncio.sleep(5)
        assert (page.questions, page.answers) == (["Why is Mars red?"], ["Dust."])


async def test_an_edit_that_is_one_question_too_many_is_refused_in_words() -> None:
    site = Site(questions=1)
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        await page.edits("Why is Mars red?")
        await asyncio.sleep(5)
        assert "questions" in page.notice
        assert page.questions == ["Why is the sky blue?"]


async def test_what_one_address_may_ask_all_its_browsers_share() -> None:
    site = Site(questions=1)
    async with site.running(), site.open() as ada, site.open(visitor=BOB) as bob:
        await ada.asks("Why is the sky blue?")
        await bob.asks("And mine?")
        await asyncio.sleep(5)
        assert (bob.questions, bob.notice) == (["And mine?"], "")
        neighbour = BOB.__class__(browser="eve", address=BOB.address)
        async with site.open(visitor=neighbour) as eve:
            await eve.asks("One more?")
            await asyncio.sleep(5)
            assert eve.questions == []
            assert eve.notice


async def test_a_verb_that_is_typed_answers_on_that_page_alone() -> None:
    site = Site()
    async with site.running(), site.open() as page, site.open() as tab:
        await page.asks("!temperature 7")
        assert "from 0 to 2" in page.notice
        assert tab.notice == ""
        assert page.questions == []


async def test_what_was_said_goes_when_something_else_is_done() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("!temperature 7")
        await page.asks("Why is the sky blue?")
        assert page.notice == ""


async def test_a_rating_is_seen_by_who_gave_it_and_asks_why() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        await page.presses(GOOD.word)
        assert page.said is not None
        buttons, reasons = page.answer["buttons"], page.said["buttons"]
        assert isinstance(buttons, list)
        assert isinstance(reasons, list)
        assert [each["verb"] for each in buttons if each["pressed"]] == [GOOD.word]
        assert [(each["verb"], each["form"]) for each in reasons] == [(GOOD.word, True)]


async def test_everything_is_exported_as_a_file_and_forgotten_on_every_page() -> None:
    site = Site()
    async with site.running(), site.open() as page, site.open() as tab:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        await page.presses(EXPORT.word)
        assert page.said is not None
        given = page.said["file"]
        assert isinstance(given, dict)
        name = given["address"].removeprefix("/files/")
        file = page.pictures.find_file(name, page.viewer.visitor)
        assert file is not None
        assert b"Why is the sky blue?" in file.content
        assert page.pictures.find_file(name, BOB) is None
        await page.presses(FORGET.word, "everything")
        await asyncio.sleep(5)
        assert (page.questions, page.listed) == ([], [])
        assert (tab.questions, tab.listed) == ([], [])


async def test_a_conversation_is_deleted_while_it_is_answered() -> None:
    site = Site(every=1.0)
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(2.5)
        await page.actions.delete(page.viewer, page.viewer.conversation)
        await asyncio.sleep(10)
        assert (page.questions, page.listed) == ([], [])


async def test_conversations_stand_beside_each_other_the_latest_first() -> None:
    site = Site()
    async with site.running():
        for number in range(12):
            async with site.open(conversation=f"c{number}") as page:
                await page.asks(f"Question {number}")
                await asyncio.sleep(2)
        async with site.open(conversation="c3") as page:
            assert page.listed == [f"Question {number}" for number in reversed(range(12))]
            assert page.questions == ["Question 3"]
        async with site.open(visitor=BOB, conversation="c3") as other:
            assert (other.listed, other.questions) == ([], [])
    assert LISTED > 12


async def test_who_is_blocked_sees_and_does_nothing() -> None:
    site = Site(admission=Admission(blocked_users=frozenset({"ada"})))
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        assert page.notice
        assert page.questions == []
        assert await page.actions.panel(page.viewer.visitor, "en") is None
    assert site.model.prompts == []


async def test_while_the_store_is_away_what_stood_there_stays_and_words_say_why() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        site.store.faults.fails = StoreUnavailable("away")
        await page.asks("And the sea?")
        assert page.questions == ["Why is the sky blue?"]
        assert page.listed == ["Why is the sky blue?"]
        assert "can't reach my memory" in page.notice
        site.store.faults.fails = None
        await page.asks("And the sea?")
        await asyncio.sleep(5)
        assert page.questions == ["Why is the sky blue?", "And the sea?"]
        assert page.notice == ""


async def test_what_the_bot_says_without_being_asked_is_said_on_the_pages_of_that_conversation() -> None:
    site = Site()
    async with site.running(), site.open() as page, site.open(conversation="c2") as other:
        site.listeners.tell(page.viewer.channel.key, Notice(text="By the way."))
        await asyncio.sleep(0.1)
        assert (page.notice, other.notice) == ("By the way.", "")


async def test_the_copy_button_needs_no_bot() -> None:
    site = Site()
    async with site.running(), site.open() as page:
        await page.asks("Why is the sky blue?")
        await asyncio.sleep(5)
        assert COPY.word not in page.buttons
        assert page.answer["written"] == "The sky is blue."
