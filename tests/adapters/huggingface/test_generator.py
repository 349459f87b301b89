"""The real client against a local server: both protocols, and every trap that was met."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Literal

import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from bot.conversation.generation import ChatMessage, Finished, FinishReason, Prompt, TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
    NotSent,
    StreamBroke,
    TokenRefused,
    UnknownModel,
)
from bot.ports import sent_only_while
from tests.adapters.huggingface.conftest import Generators
from tests.servers.model import Fault, ModelServer, counting

PROMPT = Prompt(
    messages=(
        ChatMessage(role="user", content="Hi"),
        ChatMessage(role="assistant", content="Hello"),
        ChatMessage(role="user", content="Why?"),
    ),
    text="[INST] Hi [/INST] Hello</s>[INST] Why? [/INST]",
    tokens=20,
)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture
async def tgi() -> AsyncIterator[ModelServer]:
    async with ModelServer(tgi=True) as server:
        yield server


async def answer(
    model: HuggingFaceGenerator, settings: GenerationSettings | None = None
) -> tuple[str, FinishReason | None]:
    text, reason = "", None
    async with aclosing(model.stream(PROMPT, settings or GenerationSettings())) as events:
        async for event in events:
            match event:
                case TextDelta():
                    text += event.text
                case Finished():
                    reason = event.reason
    return text, reason


@pytest.mark.parametrize("api", ["chat", "text"])
async def test_what_may_not_go_out_any_more_is_not_sent(
    server: ModelServer, generator: Generators, api: Literal["chat", "text"]
) -> None:
    model = generator(server, api=api)
    for _ in range(2):  # on a new connection, and on one that was used before
        with pytest.raises(NotSent), sent_only_while(lambda: False, NotSent):
            await answer(model)
        assert server.requests == []
        with sent_only_while(lambda: True, NotSent):
            assert await answer(model) == (counting(20), FinishReason.END)
        server.requests.clear()


async def test_chat_sends_the_conversation_and_the_settings(
    server: ModelServer, generator: Generators
) -> None:
    assert await answer(generator(server)) == (counting(20), FinishReason.END)
    [request] = server.requests
    assert request.path == "/v1/chat/completions"
    body = request.body
    assert body["model"] == "mistralai/Mixtral-8x7B-Instruct-v0.1"
    assert [message["content"] for message in body["messages"]] == ["Hi", "Hello", "Why?"]
    assert (body["temperature"], body["top_p"], body["max_tokens"], body["seed"]) == (0.9, 0.9, 256, 42)
    assert body["repetition_penalty"] == body["repeat_penalty"] == 1.2
    assert body["stop"] == ["</s>", "[INST]"]
    assert "presence_penalty" not in body


async def test_a_server_that_describes_itself_as_tgi_gets_our_own_prompt(
    tgi: ModelServer, generator: Generators
) -> None:
    assert await answer(generator(tgi)) == (counting(20), FinishReason.END)
    [request] = tgi.requests
    assert request.path == "/"
    assert request.body["inputs"] == PROMPT.text
    parameters = request.body["parameters"]
    assert parameters["repetition_penalty"] == 1.2
    assert parameters["max_new_tokens"] == 256
    assert "truncate" not in parameters
    assert "presence_penalty" not in parameters


async def test_a_tgi_that_wakes_is_asked_again_what_it_is(tgi: ModelServer, generator: Generators) -> None:
    tgi.wakes = 1
    tgi.faults = [Fault(status=503, body='{"error": "loading", "estimated_time": 20.5}')]
    model = generator(tgi)
    with pytest.raises(ModelWaking):
        await answer(model)
    await answer(model)
    assert tgi.requests[-1].body["inputs"] == PROMPT.text


async def test_a_tgi_that_was_not_there_yet_is_asked_again_what_it_is(generator: Generators) -> None:
    async with ModelServer(tgi=True) as gone:
        model = generator(gone)
    with pytest.raises(ModelUnreachable):
        await answer(model)
    async with ModelServer(tgi=True, port=int(gone.url.rpartition(":")[2])) as back:
        await answer(model)
    assert back.requests[0].body["inputs"] == PROMPT.text


async def test_values_that_servers_refuse_are_left_out_or_raised(
    server: ModelServer, generator: Generators
) -> None:
    settings = GenerationSettings(temperature=0, top_p=1, repetition_penalty=1, seed=7)
    await answer(generator(server), settings)
    body = server.requests[0].body
    assert body["temperature"] == 0.01
    assert "top_p" not in body
    assert body["seed"] == 7


BEGUN = replace(
    PROMPT, messages=(*PROMPT.messages, ChatMessage(role="assistant", content="w0 w1")), beginning="w0 w1"
)


async def continued(model: HuggingFaceGenerator) -> str:
    async with aclosing(model.stream(BEGUN, GenerationSettings())) as events:
        return "".join([event.text async for event in events if isinstance(event, TextDelta)])


async def test_an_answer_that_is_continued_keeps_the_blank_at_its_seam(
    server: ModelServer, generator: Generators
) -> None:
    server.text = " w2 w3"
    assert await continued(generator(server)) == " w2 w3"
    body = server.requests[0].body
    assert body["messages"][-1] == {"role": "assistant", "content": "w0 w1"}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)


async def test_a_server_that_cannot_continue_an_answer_is_asked_to_in_words(
    server: ModelServer, generator: Generators
) -> None:
    model = generator(server)
    server.text = " w2 w3"
    server.faults = [Fault(status=400, body='{"error": "Unknown field: continue_final_message"}')]
    assert await continued(model) == " w2 w3"
    await continued(model)
    for request in server.requests[1:]:
        assert not {"continue_final_message", "add_generation_prompt"} & request.body.keys()
        assert [message["role"] for message in request.body["messages"][-2:]] == ["assistant", "user"]


async def test_no_penalty_is_said_too_as_some_servers_have_one_of_their_own(
    server: ModelServer, generator: Generators
) -> None:
    await answer(generator(server), GenerationSettings(repetition_penalty=1))
    body = server.requests[0].body
    assert body["repetition_penalty"] == body["repeat_penalty"] == 1


REFUSALS = [
    Fault(
        status=422,
        body="{\"detail\": \"Unexpected fields in the request: {'repetition_penalty', 'repeat_penalty'}\"}",
    ),
    Fault(status=400, body='{"error": {"message": "Unknown field frequency_penalty"}}'),
]


async def test_a_server_that_refuses_the_penaltys_names_is_asked_by_openais_from_then_on(
    server: ModelServer, generator: Generators
) -> None:
    model = generator(server)
    server.faults = REFUSALS[:1]
    assert (await answer(model))[0] == counting(20)
    await answer(model)
    assert ["repeat_penalty" in request.body for request in server.requests] == [True, False, False]
    asked = [request.body.get("frequency_penalty") for request in server.requests]
    assert asked == [None, pytest.approx(0.2), pytest.approx(0.2)]


async def test_a_server_that_refuses_every_name_is_asked_without_a_penalty(
    server: ModelServer, generator: Generators
) -> None:
    model = generator(server)
    server.faults = REFUSALS[:]
    assert (await answer(model))[0] == counting(20)
    await answer(model)
    for request in server.requests[2:]:
        assert not [field for field in request.body if field.endswith("_penalty")]
    assert len(server.requests) == 4


async def test_many_answers_at_once_find_out_the_same_about_the_penalty(
    server: ModelServer, generator: Generators
) -> None:
    model = generator(server)
    server.faults = REFUSALS[:1] * 5
    await asyncio.gather(*(answer(model) for _ in range(5)))
    await answer(model)
    assert server.requests[-1].body["frequency_penalty"] == pytest.approx(0.2)


async def test_fields_that_a_server_forbids_are_left_out_from_then_on(
    server: ModelServer, generator: Generators
) -> None:
    server.refuses = ("seed", "top_p", "repetition_penalty", "repeat_penalty", "stop")
    model = generator(server)
    assert (await answer(model))[0] == counting(20)
    await answer(model)
    assert len(server.requests) == 3
    assert model.ignored(GenerationSettings()) == ("top_p", "seed")
    assert server.requests[2].body["frequency_penalty"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "Do not seed the garden, stop at once"}',
        '{"error": {"message": "unstoppable seeding of top_players"}}',
    ],
)
async def test_words_that_are_quoted_in_a_refusal_are_no_names_of_fields(
    server: ModelServer, body: str, generator: Generators
) -> None:
    server.faults = [Fault(status=400, body=body)] * 2
    model = generator(server)
    with pytest.raises(ModelRefused):
        await answer(model)
    await answer(model)
    assert {"seed", "stop", "top_p"} <= server.requests[-1].body.keys()


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "Unknown field: seed"}',
        '{"error": "unexpected keyword argument \'seed\'"}',
        '{"error": "seed is not supported"}',
        '{"error": {"message": "no such thing", "param": "seed"}}',
        '{"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Not permitted"}]}',
        "`seed`?",
    ],
)
async def test_a_field_is_named_in_quotes_or_as_a_field(
    server: ModelServer, body: str, generator: Generators
) -> None:
    server.faults = [Fault(status=422, body=body)]
    await answer(generator(server))
    assert "seed" not in server.requests[-1].body
    assert "stop" in server.requests[-1].body


async def test_a_tgi_that_refuses_a_field_is_asked_without_it(
    tgi: ModelServer, generator: Generators
) -> None:
    tgi.refuses = ("seed",)
    model = generator(tgi)
    assert (await answer(model))[0] == counting(20)
    assert model.ignored(GenerationSettings()) == ("seed",)


async def test_a_server_that_refuses_without_a_word_is_asked_with_the_standard_fields(
    server: ModelServer, generator: Generators
) -> None:
    server.refuses, server.curt = ("seed",), True
    model = generator(server)
    assert (await answer(model))[0] == counting(20)
    await answer(model)
    standard = {"model", "messages", "stream", "stop", "max_tokens", "temperature", "top_p"}
    assert [request.body.keys() == standard for request in server.requests] == [False, True, True]
    assert model.ignored(GenerationSettings()) == ("seed", "repetition_penalty")


async def test_nothing_is_learnt_where_the_standard_fields_do_not_help(
    server: ModelServer, generator: Generators
) -> None:
    server.refuses, server.curt = ("messages",), True
    model = generator(server)
    with pytest.raises(ModelRefused, match="HTTP 400: Bad Request"):
        await answer(model)
    assert len(server.requests) == 2
    assert model.ignored(GenerationSettings()) == ()


async def test_a_value_that_is_refused_is_left_out_and_no_other(
    server: ModelServer, generator: Generators
) -> None:
    refusal = '{"error": {"message": "temperature must be less than 1", "param": "temperature"}}'
    server.faults = [Fault(status=400, body=refusal)]
    model = generator(server)
    bold, calm = GenerationSettings(temperature=2), GenerationSettings(temperature=0.3)
    await answer(model, bold)
    await answer(model, calm)
    assert ["temperature" in request.body for request in server.requests] == [True, False, True]
    assert (model.ignored(bold), model.ignored(calm)) == (("temperature",), ())


async def test_a_server_that_says_the_beginning_again_is_not_read_twice(
    server: ModelServer, generator: Generators
) -> None:
    server.repeats, server.text = True, "w0 w1 w2 w3"
    model = generator(server)
    assert await continued(model) == " w2 w3"
    assert not model.continues


async def test_halves_that_a_server_was_asked_to_join_in_words_are_two_words(
    server: ModelServer, generator: Generators
) -> None:
    model = generator(server)
    server.text, server.refuses = "found even", ("continue_final_message", "add_generation_prompt")
    assert await continued(model) == " found even"


async def test_keep_alives_and_carriage_returns_and_huge_lines_are_read(
    server: ModelServer, generator: Generators
) -> None:
    huge = "x" * 300_000
    emoji = 'data: {"choices": [{"index": 0, "delta": {"content": "\N{GRINNING FACE}"}}]}\r\n\r\n'.encode()
    cut = emoji.index(b"\xf0") + 2
    server.faults = [
        Fault(
            raw=(
                b": keep-alive\r\n\r\n",
                f'data: {{"choices": [{{"index": 0, "delta": {{"content": "{huge}"}}}}]}}\r\n\r\n'.encode(),
                emoji[:cut],
                emoji[cut:],
                b'data: {"choices": [{"index": 1, "delta": {"content": "no"}}]}\r\n\r\n',
                b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\r\n\r\n',
            )
        )
    ]
    assert await answer(generator(server)) == (huge + "\N{GRINNING FACE}", FinishReason.END)


@pytest.mark.parametrize("reason", ["stop", "length"])
async def test_a_stop_that_a_server_sends_along_is_not_shown(
    server: ModelServer, reason: str, generator: Generators
) -> None:
    server.text = "It scatters. [INST] And"
    server.faults = [Fault(reason=reason)]
    assert await answer(generator(server)) == ("It scatters. ", FinishReason.END)


async def test_a_stop_that_tgi_sends_along_is_not_shown(tgi: ModelServer, generator: Generators) -> None:
    tgi.text = "It scatters. [INST]"
    tgi.faults = [Fault(reason="stop_sequence")]
    assert await answer(generator(tgi)) == ("It scatters. ", FinishReason.END)


async def test_what_only_begins_like_a_stop_is_shown(server: ModelServer, generator: Generators) -> None:
    server.text = "a [IN b < [INS"
    assert (await answer(generator(server)))[0] == "a [IN b < [INS"


async def test_a_server_that_goes_on_behind_a_stop_is_left(
    server: ModelServer, generator: Generators
) -> None:
    server.text, server.pace = "It scatters. [INST] " + counting(10_000), 100
    assert await answer(generator(server)) == ("It scatters. ", FinishReason.END)
    await server.until(lambda: server.requests[0].closed_at > 0)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=401), TokenRefused),
        (Fault(status=403), TokenRefused),
        (Fault(status=402), NoCredits),
        (Fault(status=404), UnknownModel),
        (Fault(status=400, body='{"error": {"code": "model_not_found"}}'), UnknownModel),
        (
            Fault(
                status=400,
                body="{\"detail\": \"Server is pinned to '/models/mixtral'; requested 'mixtral'.\"}",
            ),
            UnknownModel,
        ),
        (
            Fault(status=400, body='{"message": "This model\'s maximum context length is 8192"}'),
            ContextTooLong,
        ),
        (Fault(status=422, body='{"error": "no"}'), ModelRefused),
        (Fault(status=429), ModelBusy),
        (Fault(status=500, body="<html>oops</html>"), ModelUnreachable),
        (Fault(status=503, body='{"error": "loading", "estimated_time": 20.5}'), ModelWaking),
        (Fault(status=503, body="<html>busy</html>"), ModelBusy),
        (Fault(cut_after=0), ModelUnreachable),
        (Fault(cut_after=5), StreamBroke),
        (
            Fault(raw=(b'data: {"choices": [{"delta": {"content": "The"}, "finish_reason": null}]}\n\n',)),
            StreamBroke,
        ),
        (Fault(raw=(b"data: [DONE]\n\n",)), StreamBroke),
        (Fault(raw=(b"data: {half\n\n",)), ModelUnreachable),
        (Fault(raw=(b"<html>\n", b"<body>Welcome</body>\n")), StreamBroke),
    ],
)
async def test_each_fault_is_told_apart(
    server: ModelServer, fault: Fault, error: type[ModelError], generator: Generators
) -> None:
    server.faults = [fault] * 2
    with pytest.raises(error) as raised:
        await answer(generator(server))
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (
            b'data:{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192. '
            b'Given: 9000","error_type":"validation"}\n\n',
            ContextTooLong,
        ),
        (b'data: {"error":"Model is overloaded","error_type":"overloaded"}\n\n', ModelBusy),
        (
            b'data:{"error":"Request failed during generation","error_type":"generation"}\n\n',
            ModelUnreachable,
        ),
    ],
)
async def test_tgis_first_event_may_be_an_error(
    tgi: ModelServer, event: bytes, error: type[ModelError], generator: Generators
) -> None:
    tgi.faults = [Fault(raw=(event,))]
    with pytest.raises(error):
        await answer(generator(tgi))


async def test_retry_after_and_the_guess_of_a_waking_endpoint_are_passed_on(
    server: ModelServer, generator: Generators
) -> None:
    server.faults = [
        Fault(status=429, headers={"Retry-After": "7"}),
        Fault(status=503, body='{"estimated_time": 20.5}'),
    ]
    model = generator(server)
    with pytest.raises(ModelBusy) as busy:
        await answer(model)
    assert busy.value.retry_after == 7
    with pytest.raises(ModelWaking) as waking:
        await answer(model)
    assert waking.value.estimated == 20.5


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085"])
async def test_a_line_separator_inside_a_token_is_no_end_of_line(
    server: ModelServer, mark: str, generator: Generators
) -> None:
    server.text = f"The{mark} sky{mark}"
    assert (await answer(generator(server)))[0] == f"The{mark} sky{mark}"


async def test_a_line_separator_that_arrives_in_parts_is_whole(
    server: ModelServer, generator: Generators
) -> None:
    event = 'data: {"choices": [{"delta": {"content": "a\u2028b"}, "finish_reason": "stop"}]}\n\n'.encode()
    cut = event.index(b"\xe2")
    server.faults = [Fault(raw=(event[: cut + 1], event[cut + 1 : cut + 2], event[cut + 2 :]))]
    assert await answer(generator(server)) == ("a\u2028b", FinishReason.END)


async def test_the_first_pieces_space_is_taken_off_and_no_other(
    server: ModelServer, generator: Generators
) -> None:
    server.text = " The  sky "
    assert (await answer(generator(server)))[0] == "The  sky "


async def test_comments_that_keep_the_connection_alive_are_passed_over(
    server: ModelServer, generator: Generators
) -> None:
    server.faults = [
        Fault(
            raw=(
                b": keep-alive\n\n",
                b'data:{"choices": [{"delta": {"role": "assistant"}, "finish_reason": null}]}\n\n',
                b'data: {"choices": [{"delta": {"content": "Yes"}, "finish_reason": "content_filter"}]}\n\n',
                b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n',
            )
        )
    ]
    assert await answer(generator(server)) == ("Yes", FinishReason.FILTERED)


async def test_leaving_in_mid_answer_ends_the_request_at_the_server(
    server: ModelServer, generator: Generators
) -> None:
    server.text, server.pace = counting(10_000), 100
    async with aclosing(generator(server).stream(PROMPT, GenerationSettings())) as events:
        await anext(events)
    await server.until(lambda: server.requests[0].closed_at > 0)


async def test_the_hundred_and_first_call_after_faults_still_works(
    server: ModelServer, generator: Generators
) -> None:
    model = generator(server)
    server.faults = [Fault(status=422), Fault(status=422), Fault(cut_after=1)] * 55
    for _ in range(110):
        with pytest.raises(ModelError):
            await answer(model)
    async with asyncio.timeout(5):
        assert (await answer(model))[0] == counting(20)


async def test_a_token_goes_to_no_server_of_ones_own(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, generator: Generators
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_found_on_the_machine")
    await answer(generator(server, token="hf_of_the_bot"))
    assert "Authorization" not in server.requests[0].headers


async def test_a_server_that_is_not_there_is_unreachable(generator: Generators) -> None:
    async with ModelServer() as gone:
        pass
    model = generator(gone, api="chat")
    with pytest.raises(ModelUnreachable):
        await answer(model)


async def test_many_answers_at_once_do_not_mix(server: ModelServer, generator: Generators) -> None:
    model = generator(server)
    server.text = lambda asked: asked
    texts = await asyncio.gather(*(answer(model) for _ in range(20)))
    assert len(set(texts)) == 1
    assert server.most_answering == 20
