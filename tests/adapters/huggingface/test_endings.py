"""How an answer ends, over the real client and both protocols: what is shown, remembered and offered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, cast

import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from bot.conversation.turns import Turn
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.model import Speaker
from tests.fakes.platform import LIMITS, Screen
from tests.servers.model import Fault, ModelServer, counting

WHOLE = counting(20)
THREE = counting(3)
AT_ONCE = replace(LIMITS, growth_interval=0.0, page_length=2000)


def error(message: str, **more: object) -> dict[str, object]:
    return {"error": {"message": message, **more}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`faults`: what the server does, request by request. `note`: the bot's own line below the text."""

    ending: str
    faults: tuple[Fault, ...]
    text: str = WHOLE
    note: str = ""
    asked: int = 1

    @property
    def shown(self) -> str:
        return f"{self.text}\n\n*{self.note}*" if self.note else self.text


BROKE = "The answer broke off here: "
LOST = f"{BROKE}the connection to the model was lost."
GAVE_UP = f"{BROKE}the model's server gave up."
USAGE = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
LATE = b'data: {"error": {"message": "overloaded"}}\n\n'

ROWS = [
    Row(ending="stop", faults=(Fault(),)),
    Row(
        ending="length",
        faults=(Fault(reason="length"),),
        note="The answer reached its limit of 256 tokens. `!continue` goes on, "
        "`!max_tokens` raises the limit.",
    ),
    Row(
        ending="content_filter",
        faults=(Fault(reason="content_filter"),),
        note="The model's server stopped this answer with its content filter.",
    ),
    Row(ending="abort", faults=(Fault(reason="abort"),), note=GAVE_UP),
    Row(ending="error", faults=(Fault(reason="error"),), note=GAVE_UP),
    Row(ending="cancelled", faults=(Fault(reason="cancelled"),), note=GAVE_UP),
    Row(ending="tool_calls", faults=(Fault(reason="tool_calls"),), note=GAVE_UP),
    Row(ending="none, once", faults=(Fault(reason="none"),), asked=2),
    Row(ending="cut, once", faults=(Fault(cut_after=3),), asked=2),
    Row(
        ending="cut twice",
        faults=(Fault(cut_after=3), Fault(cut_after=2)),
        text=counting(4),
        note=LOST,
        asked=2,
    ),
    Row(ending="cut behind the finish", faults=(Fault(cut_after=21),)),
    Row(ending="[DONE] without a blank", faults=(Fault(tail=(b"data:[DONE]\n\n",)),)),
    Row(ending="usage behind the finish", faults=(Fault(tail=(USAGE, b"data: [DONE]\n\n")),)),
    Row(ending="an error behind the finish", faults=(Fault(tail=(LATE,)),)),
    Row(
        ending="an error object: overloaded",
        faults=(Fault(error=error("Model is overloaded", type="overloaded")),),
        text=THREE,
        note=f"{BROKE}the model has too much to do.",
    ),
    Row(
        ending="an error object: too long",
        faults=(Fault(error=error("maximum context length is 8192 tokens", code=400)),),
        text=THREE,
        note=f"{BROKE}it became too long for the model's server.",
    ),
    Row(
        ending="an error object: the key",
        faults=(Fault(error=error("Unauthorized", code=401)),),
        text=THREE,
        note=f"{BROKE}the model's server no longer accepts this bot.",
    ),
    Row(
        ending="an error object: the server's own",
        faults=(Fault(error={"error": "Request failed: CUDA OOM", "error_type": "generation"}),),
        text=THREE,
        note=GAVE_UP,
    ),
    Row(ending="reasoning first", faults=(Fault(thinks=5),)),
]
UNFINISHED = {"length", "abort", "error", "cancelled", "tool_calls", "cut twice"} | {
    row.ending for row in ROWS if row.ending.startswith("an error object")
}


async def answered(server: ModelServer, screen: Screen) -> Turn:
    """What is remembered once a question has been answered by this server."""
    api: Literal["text", "chat"] = "text" if server.tgi else "chat"
    async with Connections() as connections:
        model = HuggingFaceGenerator(
            model="m", api=api, provider="auto", access=Access(url=server.url), connections=connections
        )
        # The fakes' bot takes any model; its tests look at the fake one's insides.
        bot = Bot(cast(Speaker, model), screen=screen)
        async with bot.running():
            await bot.receive(message())
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    return turn


@pytest.mark.parametrize("tgi", [False, True], ids=["chat", "text"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.ending)
async def test_an_ending_is_what_it_was(row: Row, tgi: bool, record_property: Callable[..., None]) -> None:
    screen = Screen(limits=AT_ONCE)
    async with ModelServer(tgi=tgi, pace=2000) as server:
        server.faults = [*row.faults]
        turn = await answered(server, screen)
    offered = [button.label for buttons in screen.buttons.values() for button in buttons]
    record_property("row", (row.ending, screen.texts(), turn.answer, offered))
    assert screen.texts() == [row.shown]
    assert turn.answer == row.text
    assert ("Continue" in offered) == (row.ending in UNFINISHED)
    assert len(server.requests) == row.asked


@pytest.mark.parametrize("begins", [b"", b"data: "], ids=["as its whole body", "as one event"])
async def test_a_server_that_does_not_stream_is_read_all_the_same(begins: bytes) -> None:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": "All at once."},
        "finish_reason": "stop",
    }
    body = json.dumps({"id": "c", "object": "chat.completion", "choices": [choice]}).encode()
    screen = Screen(limits=AT_ONCE)
    async with ModelServer() as server:
        server.faults = [Fault(raw=(begins + body + b"\n\n",))]
        turn = await answered(server, screen)
    assert (screen.texts(), turn.answer) == (["All at once."], "All at once.")
    assert len(server.requests) == 1
