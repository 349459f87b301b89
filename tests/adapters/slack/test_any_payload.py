"""Whatever Slack may send is an event or nothing, never an exception."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from adapters.platforms.slack.references import quote
from adapters.platforms.slack.translate import deletion_in, edit_in, is_others, message_in, place
from bot.conversation.content import MOST, question_text
from bot.conversation.events import Author
from bot.conversation.wellformed import well_formed
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.payload_shapes import (
    COMMANDS,
    INTERACTIONS,
    OTHERS,
    REACTIONS,
    SHOWN,
    message_events,
)
from tests.adapters.slack.recorded import ADA, BOT, CHANNEL, GRACE, TEAM

NAMES = {ADA: "Ada", GRACE: "Grace"}
MARK = 60
"""Characters of the words around a forward."""

UNASKED = ("shortcut", "view_closed")
"""What the app never registered for, so that nothing hears it."""

DELIVERIES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("event_callback"),
            "team_id": st.just(TEAM),
            "event": st.one_of(message_events(), REACTIONS, OTHERS),
            "event_time": st.just(1795000001),
        }
    ),
    COMMANDS,
    INTERACTIONS,
)


def played(examples: int, row: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """So many examples of the row's own chance."""

    def prepared(check: Callable[[], None]) -> Callable[[], None]:
        chosen = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        )
        return seed(row)(chosen(check))

    return prepared


@pytest.mark.long
@pytest.mark.parametrize("row", range(8))
def test_any_message_is_an_event_or_nothing(row: int, long: bool) -> None:
    @played(250 if long else 50, row)
    @given(message_events())
    def check(event: dict[str, Any]) -> None:
        if event.get("subtype") == "message_changed":
            found = edit_in(event, workspace=TEAM, bot=BOT)
        else:
            found = message_in(event, workspace=TEAM, bot=BOT)
        deletion_in(event, workspace=TEAM, bot=BOT)
        if found is not None:
            said = found.said(Author(id=ADA, name="Ada"), NAMES)
            well_formed(question_text(said.text, said.quotes, ())).encode()
            assert all(len(each.text) <= MOST + MARK for each in said.quotes)

    check()


@pytest.mark.parametrize("row", range(4))
def test_any_message_of_a_thread_can_be_quoted(row: int, long: bool) -> None:
    @played(500 if long else 25, row)
    @given(SHOWN)
    def check(message: dict[str, Any]) -> None:
        is_others(message, BOT)
        said = quote(message, place(TEAM, CHANNEL, private=False), NAMES, bot=BOT, files=True)
        assert len(said.text) <= MOST + MARK or message.get("user") == BOT

    check()


@pytest.mark.parametrize("row", range(4))
def test_any_delivery_is_acknowledged(row: int, long: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    loop = asyncio.new_event_loop()
    gate = opened(MemoryClient())

    @played(500 if long else 60, row)
    @given(DELIVERIES)
    def check(payload: dict[str, Any]) -> None:
        caplog.clear()
        answer = loop.run_until_complete(there.hand(payload))
        lines = [each.getMessage() for each in caplog.records if each.name.startswith("adapters")]
        assert answer.status == (200 if payload.get("type") not in UNASKED else 404), lines
        assert not lines

    there = loop.run_until_complete(gate.__aenter__())
    try:
        check()
    finally:
        loop.run_until_complete(gate.__aexit__(None, None, None))
        loop.close()
