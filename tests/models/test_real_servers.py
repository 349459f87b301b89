"""The bot's adapter, and once the bot itself, on real model servers. `make test-models` runs this.

Neither speaks TGI's route; `text` is tested with a local TGI.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, aclosing
from pathlib import Path

import aiohttp
import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from bot.conversation.generation import ChatMessage, Finished, FinishReason, Prompt, TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import UnknownModel
from tests.models.servers import RealServer, llama_cpp_python, tiny_mixtral, transformers_serve
from tests.scenarios.pipe import piped

PROMPT = Prompt(
    messages=(
        ChatMessage(role="user", content="Hi"),
        ChatMessage(role="assistant", content="Hello"),
        ChatMessage(role="user", content="Why is the sky blue?"),
    ),
    text="[INST] Hi [/INST] Hello</s>[INST] Why is the sky blue? [/INST]",
    tokens=24,
)

LIKELIEST = GenerationSettings(temperature=0, repetition_penalty=1)
"""The words go round in circles, up to the limit."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tiny")
    tiny_mixtral(made)
    return made


@pytest.fixture(scope="session", params=[transformers_serve, llama_cpp_python])
def server(request: pytest.FixtureRequest, folder: Path) -> Iterator[RealServer]:
    start: Callable[[Path], AbstractContextManager[RealServer]] = request.param
    with start(folder) as started:
        yield started


Generators = Callable[[RealServer], HuggingFaceGenerator]


@pytest.fixture
async def generator() -> AsyncIterator[Generators]:
    async with Connections() as connections:
        yield lambda server: HuggingFaceGenerator(
            model=server.model,
            api="auto",
            provider="auto",
            access=Access(url=server.url),
            connections=connections,
        )


async def answer(
    model: HuggingFaceGenerator, settings: GenerationSettings
) -> tuple[str, FinishReason | None]:
    text, reason = "", None
    async with aclosing(model.stream(PROMPT, settings)) as events:
        async for event in events:
            match event:
                case TextDelta():
                    text += event.text
                case Finished():
                    reason = event.reason
    return text, reason


def words(text: str) -> set[str]:
    return set(text.split())


async def test_an_answer_ends_where_it_may_not_become_longer(
    server: RealServer, generator: Generators
) -> None:
    text, reason = await answer(generator(server), GenerationSettings(temperature=0, max_new_tokens=7))
    assert len(text.split()) == 7
    assert reason is FinishReason.LENGTH


async def test_an_answer_ends_where_the_model_would_ask_the_next_question(
    server: RealServer, generator: Generators
) -> None:
    model = generator(server)
    for seed in range(5):
        text, reason = await answer(model, GenerationSettings(seed=seed, max_new_tokens=4096))
        assert text
        assert "[" not in text
        assert reason is FinishReason.END


async def test_a_seed_gives_the_same_words_again_and_another_seed_others(
    server: RealServer, generator: Generators
) -> None:
    model = generator(server)
    texts = [(await answer(model, GenerationSettings(seed=seed)))[0] for seed in (7, 7, 8)]
    assert texts[0] == texts[1] != texts[2]


async def test_the_temperature_is_heeded(server: RealServer, generator: Generators) -> None:
    model = generator(server)
    cold, warm = (
        [GenerationSettings(temperature=degree, seed=seed, max_new_tokens=12) for seed in range(3)]
        for degree in (0, 1)
    )
    assert len({(await answer(model, settings))[0] for settings in cold}) == 1
    assert len({(await answer(model, settings))[0] for settings in warm}) == 3


async def test_the_repetition_penalty_is_heeded_and_none_is_none(
    server: RealServer, generator: Generators
) -> None:
    model = generator(server)
    none, _ = await answer(model, LIKELIEST)
    strong, _ = await answer(model, GenerationSettings(temperature=0, repetition_penalty=2))
    assert len(words(none)) < 50
    assert len(words(strong)) > 2 * len(words(none))


async def test_leaving_in_mid_answer_ends_it_at_the_server(server: RealServer, generator: Generators) -> None:
    """Both write one answer at a time: the next one would have to wait for the end of one that went on."""
    model = generator(server)
    long = GenerationSettings(temperature=0, repetition_penalty=1, max_new_tokens=4096)
    async with aclosing(model.stream(PROMPT, long)) as events:
        await anext(events)
        begun = time.monotonic()
        for _ in range(100):
            await anext(events)
        left = time.monotonic()
    await answer(model, GenerationSettings(max_new_tokens=1))
    would_have_taken = (left - begun) / 100 * (4096 - 101)
    assert time.monotonic() - left < would_have_taken / 3


async def test_answers_that_come_at_once_all_arrive_whole(server: RealServer, generator: Generators) -> None:
    model = generator(server)
    answers = await asyncio.gather(*(answer(model, LIKELIEST) for _ in range(3)))
    assert {(len(text.split()), reason) for text, reason in answers} == {(256, FinishReason.LENGTH)}


async def test_neither_describes_itself_as_tgi(server: RealServer) -> None:
    async with aiohttp.ClientSession() as client:
        assert (await client.get(f"{server.url}/info")).status == 404
        assert (await client.post(server.url, json={"inputs": PROMPT.text})).status in (404, 405)


async def test_the_installed_bot_answers_a_pipe(
    server: RealServer, tmp_path: Path, generator: Generators
) -> None:
    expected, _ = await answer(generator(server), GenerationSettings(temperature=0, max_new_tokens=9))
    shown = await piped(
        "Why is the sky blue?\n",
        tmp_path,
        MODEL_URL=server.url,
        MODEL_ID=server.model,
        BOT_TEMPERATURE="0",
        BOT_MAX_NEW_TOKENS="9",
    )
    assert expected in shown


async def test_a_name_that_transformers_does_not_serve_is_an_unknown_model(
    folder: Path, generator: Generators
) -> None:
    with transformers_serve(folder) as server:
        other = RealServer(url=server.url, model="mistralai/Mixtral-8x7B-Instruct-v0.1")
        with pytest.raises(UnknownModel):
            await answer(generator(other), LIKELIEST)
