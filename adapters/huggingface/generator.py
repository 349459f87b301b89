"""`bot.ports.TextGenerator` over `huggingface_hub.AsyncInferenceClient`.

A client for each request: the library keeps every stream open until its client is closed.
"""

import random
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import AsyncInferenceClient, set_async_client_factory
from huggingface_hub.errors import HfHubHTTPError

from adapters.huggingface.faults import LIBRARY_ERRORS, model_error, names_field
from adapters.huggingface.stops import StopCut
from adapters.huggingface.wire import model_client
from bot.errors import StreamBroke
from bot.generation import (
    LOWEST_TEMPERATURE,
    RANGES,
    Finished,
    FinishReason,
    GenerationSettings,
    Prompt,
    TextDelta,
)

STOPS = ("</s>", "[INST]")

REASONS = {
    "stop": FinishReason.END,
    "eos_token": FinishReason.END,
    "stop_sequence": FinishReason.END,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.FILTERED,
}

HUGGING_FACE = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
"""Hosts that a Hugging Face token is meant for, with what is under them."""

Piece = tuple[str, str]
"""Text, and the reason why it ends ('' while it goes on)."""


class HuggingFaceGenerator:
    """`url` '' means Hugging Face's providers; `provider` one of them, or `auto`."""

    def __init__(
        self, *, model: str, url: str, api: Literal["auto", "chat", "text"], provider: str, token: str
    ) -> None:
        self._model = model if url or provider == "auto" else f"{model}:{provider}"
        self._url = url.rstrip("/")
        self._speaks_text: bool | None = {"chat": False, "text": True, "auto": None}[api] if url else False
        self._token = token if not url or _for_hugging_face(url) else ""
        self._penalties = PENALTIES if url else PENALTIES[1:]
        set_async_client_factory(lambda: model_client(self._token))

    async def stream(
        self, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[TextDelta | Finished, None]:
        """The answer's pieces, then `Finished`. Closing it closes the connection: the server stops."""
        started, reason, stops = False, "", StopCut(STOPS)
        client = AsyncInferenceClient(base_url=self._url or None, provider="auto", token=self._token or None)
        try:
            async with client, aclosing(self._pieces(client, prompt, settings)) as pieces:
                async for text, why in pieces:
                    shown = stops.shown(text) + (stops.rest() if why else "")
                    shown = shown if started else shown.removeprefix(" ")
                    if shown:
                        started = True
                        yield TextDelta(text=shown)
                    reason = "stop" if stops.reached else why or reason
                    if stops.reached:
                        break
        except LIBRARY_ERRORS as error:
            raise model_error(error, started=started) from error
        if not reason:
            raise StreamBroke("the stream ended without a finish reason")
        yield Finished(reason=REASONS.get(reason, FinishReason.END))

    async def _pieces(
        self, client: AsyncInferenceClient, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[Piece, None]:
        if self._speaks_text is None:
            self._speaks_text = await _serves_tgi(self._url)
        source = await (self._text if self._speaks_text else self._chat)(client, prompt, settings)
        async with aclosing(source):
            async for piece in source:
                yield piece

    async def _chat(
        self, client: AsyncInferenceClient, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[Piece, None]:
        names = self._penalties
        while names:
            fields = names[0](settings.repetition_penalty)
            try:
                return _chat_pieces(await self._ask(client, prompt, settings, fields))
            except LIBRARY_ERRORS as error:
                if not fields or not names_field(error, tuple(fields)):
                    raise
            names = names[1:]
            # Many answers may find this out at once.
            self._penalties = min(self._penalties, names, key=len)
        return _chat_pieces(await self._ask(client, prompt, settings, {}))

    async def _ask(
        self,
        client: AsyncInferenceClient,
        prompt: Prompt,
        settings: GenerationSettings,
        penalties: dict[str, float],
    ) -> AsyncIterable[Any]:
        return await client.chat_completion(
            [{"role": message.role, "content": message.content} for message in prompt.messages],
            model=self._model,
            max_tokens=settings.max_new_tokens,
            temperature=max(settings.temperature, LOWEST_TEMPERATURE),
            top_p=settings.top_p if settings.top_p < 1 else None,
            seed=_seed(settings),
            stop=[*STOPS],
            stream=True,
            extra_body=penalties or None,
        )

    async def _text(
        self, client: AsyncInferenceClient, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[Piece, None]:
        stream = await client.text_generation(
            prompt.text,
            model=self._url,
            details=True,
            stream=True,
            do_sample=True,
            max_new_tokens=settings.max_new_tokens,
            temperature=max(settings.temperature, LOWEST_TEMPERATURE),
            top_p=settings.top_p if settings.top_p < 1 else None,
            repetition_penalty=settings.repetition_penalty,
            seed=_seed(settings),
            stop=[*STOPS],
            return_full_text=False,
        )
        return _text_pieces(cast("AsyncIterable[Any]", stream))


async def _chat_pieces(chunks: AsyncIterable[Any]) -> AsyncGenerator[Piece, None]:
    async for chunk in chunks:
        for choice in chunk.choices or ():
            yield choice.delta.content or "", choice.finish_reason or ""


async def _text_pieces(events: AsyncIterable[Any]) -> AsyncGenerator[Piece, None]:
    async for event in events:
        text = "" if event.token.special else event.token.text
        yield text, event.details.finish_reason if event.details else ""


async def _serves_tgi(url: str) -> bool | None:
    """Whether the server describes itself as TGI does. Others answer 404, or something else.

    None: it is not there, or not ready to say so.
    """
    try:
        async with AsyncInferenceClient(provider="hf-inference") as client:
            described = await client.get_endpoint_info(model=url)
    except HfHubHTTPError as error:
        return None if error.response.status_code >= 500 else False
    except httpx2.TransportError:
        return None
    except LIBRARY_ERRORS:
        return False
    return isinstance(described, dict) and "max_total_tokens" in described


def _own_names(penalty: float) -> dict[str, float]:
    """vLLM and SGLang know the first name, the llama.cpp family the second; each passes over the other.

    1, for none, is sent too: llama-cpp-python takes 1.1 where nothing is said.
    """
    return {"repetition_penalty": penalty, "repeat_penalty": penalty}


def _openai_name(penalty: float) -> dict[str, float]:
    """Providers know this name alone: 0 for none, up to 2. A penalty of 1.2 is about 0.2 there.

    transformers' server adds the 1 again and means the very same penalty.
    """
    return {"frequency_penalty": penalty - RANGES["repetition_penalty"].low} if penalty != 1 else {}


Names = Callable[[float], dict[str, float]]
PENALTIES: tuple[Names, ...] = (_own_names, _openai_name)
"""Names for the repetition penalty; the next is tried when a server refuses a request because of one."""


def _seed(settings: GenerationSettings) -> int:
    return random.randrange(int(RANGES["seed"].high) + 1) if settings.seed is None else settings.seed


def _for_hugging_face(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == name or host.endswith(f".{name}") for name in HUGGING_FACE)
