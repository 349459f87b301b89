"""A message is posted once, though who posted it died, or never heard that it stands there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.platforms.slack.platform import SlackPlatform
from bot.conversation.events import Said
from bot.conversation.views import File, Notice
from bot.errors import PlatformFailed
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.online import online, page, platform_for
from tests.adapters.slack.recorded import recorded
from tests.servers.slack import Channel, Fault, SlackServer


@dataclass(frozen=True, slots=True)
class Stage:
    """A question that two processes answer one after the other."""

    server: SlackServer
    place: Channel
    question: Said
    died: SlackPlatform
    other: SlackPlatform

    def shown(self) -> list[str]:
        return [answer.text for answer in self.server.answers(self.place, self.question.id)]


@pytest.fixture(params=["channel", "direct"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """In a channel answers are posted, in direct messages they are streamed."""
    async with SlackServer() as server:
        ada = server.add_user("Ada")
        place = server.dm(ada) if request.param == "direct" else server.general
        died, other = platform_for(server), platform_for(server)
        async with online(server, died) as ear:
            await server.people.say(place, ada, "Why?", mention=True)
            question = await ear.question()
            async with online(server, other, connections=4):
                yield Stage(server, place, question, died, other)


async def test_what_a_process_posted_before_it_died_is_written_on(stage: Stage) -> None:
    first = await stage.died.post(stage.question, page("Becau"), "1-0")
    again = await stage.other.post(stage.question, page("Because of dust.", final=True), "1-0", again=True)
    assert first == again
    assert stage.shown() == ["Because of dust."]


async def test_what_nobody_posted_is_posted(stage: Stage) -> None:
    other = await stage.died.post(stage.question, page("Because of dust.", final=True), "1-0")
    await stage.died.tell(stage.question, Notice(text="Note."))
    file = File(name="answer.json", content=b"{}")
    await stage.died.tell(stage.question, Notice(text="Here.", file=file))
    last = await stage.other.post(stage.question, page("And light.", 1, final=True), "1-1", again=True)
    assert other != last
    assert [text for text in stage.shown() if text.startswith(("Because", "And"))] == [
        "Because of dust.",
        "And light.",
    ]


async def test_where_it_can_t_be_looked_for_it_is_posted(stage: Stage) -> None:
    stage.server.fail(Fault(method="conversations.replies", error="missing_scope"))
    await stage.other.post(stage.question, page("Because of dust.", final=True), "1-0", again=True)
    assert stage.shown() == ["Because of dust."]


async def test_what_a_message_carries_says_nothing(stage: Stage) -> None:
    await stage.died.post(stage.question, page("Because of dust.", final=True), "1-0")
    [answer] = stage.server.answers(stage.place, stage.question.id)
    assert set(answer.metadata["event_payload"]) <= {"once"}
    assert "Why" not in str(answer.metadata)


@pytest.mark.looptime
@pytest.mark.parametrize(("kind", "method"), [("message", "chat.postMessage"), ("im", "chat.startStream")])
async def test_a_post_whose_answer_got_lost_is_not_made_again(kind: str, method: str) -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded(kind))
        [question] = gate.messages()
        api.lost = [method]
        with pytest.raises(PlatformFailed):
            await gate.platform.post(question, page("Becau"), "1-0")
        shown = await gate.platform.post(question, page("Because of dust."), "1-0")
    assert api.texts == {shown: "Because of dust."}
