"""`bot.ports.Model` over `huggingface_hub.AsyncInferenceClient`.

A client for each request: the library keeps every stream open until its client is closed.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from contextlib import aclosing
from typing import Any, Literal, cast

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError

from adapters.models.huggingface.faults import LIBRARY_ERRORS, model_error, names_field
from adapters.models.huggingface.stops import StopCut
from adapters.models.huggingface.wire import Access, InferenceClient
from bot.conversation.generation import ChatMessage, Finished, FinishReason, Prompt, TextDelta
from bot.conversation.settings import LOWEST_TEMPERATURE, RANGES, GenerationSettings
from bot.errors import StreamBroke

STOPS = ("</s>", "[INST]")

REASONS = {
    "stop": FinishReason.END,
    "eos_token": FinishReason.END,
    "stop_sequence": FinishReason.END,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.FILTERED,
}

CONTINUE = {"continue_final_message": True, "add_generation_prompt": False}
"""vLLM, SGLang and transformers go on from an answer's beginning when they are told so; the llama.cpp family
does it unasked."""

GO_ON = "Go on exactly where your answer broke off. Repeat nothing, and say nothing about it."
"""For a server that can't: a new message, in which the model sees its answer as finished."""

Piece = tuple[str, str]
"""Text, and the reason why it ends ('' while it goes on)."""


class HuggingFaceGenerator:
    """`url` '' means Hugging Face's providers; `provider` one of them, or `auto`. `access`: what the server
    is given, where that is more than `token`."""

    def __init__(
        self,
        *,
        model: str,
        url: str,
        api: Literal["auto", "chat", "text"],
        provider: str,
        token: str = "",
        access: Access | None = None,
    ) -> None:
        self._model = model if url or provider == "auto" else f"{model}:{provider}"
        self._url = url.rstrip("/")
        self._speaks_text: bool | None = {"chat": False, "text": True, "auto": None}[api] if url else False
        self._access = access or Access(url=self._url, token=token)
        self._penalties = PENALTIES if url else PENALTIES[1:]
        self._continues = bool(url)

    @property
    def continues(self) -> bool:
        """Whether an answer's beginning can be sent along: hosted providers take none."""
        return self._continues or bool(self._speaks_text)

    async def stream(
        self, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[TextDelta | Finished, None]:
        """The answer's pieces, then `Finished`. Closing it closes the connection: the server stops."""
        # What goes on from a beginning brings the blank between the two.
        begun, started, reason, stops = bool(prompt.beginning), False, "", StopCut(STOPS)
        client = InferenceClient(self._access)
        try:
            async with client, aclosing(self._pieces(client, prompt, settings)) as pieces:
                async for text, why in pieces:
                    shown = stops.shown(text) + (stops.rest() if why else "")
                    shown = shown if begun else shown.removeprefix(" ")
                    if shown:
                        begun = started = True
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
            self._speaks_text = await _serves_tgi(self._access)
        source = await (self._text if self._speaks_text else self._chat)(client, prompt, settings)
        async with aclosing(source):
            async for piece in source:
                yield piece

    async def _chat(
        self, client: AsyncInferenceClient, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[Piece, None]:
        """Ask with every field that the server takes; one that it names in a refusal is left out for good."""
        while True:
            names = self._penalties
            penalties = names[0](settings.repetition_penalty) if names else {}
            going_on = CONTINUE if prompt.beginning and self._continues else {}
            try:
                return _chat_pieces(await self._ask(client, prompt, settings, {**penalties, **going_on}))
            except LIBRARY_ERRORS as error:
                if penalties and names_field(error, tuple(penalties)):
                    # Many answers may find this out at once.
                    self._penalties = min(self._penalties, names[1:], key=len)
                elif going_on and names_field(error, tuple(going_on)):
                    self._continues = False
                else:
                    raise

    async def _ask(
        self,
        client: AsyncInferenceClient,
        prompt: Prompt,
        settings: GenerationSettings,
        fields: Mapping[str, object],
    ) -> AsyncIterable[Any]:
        messages = prompt.messages
        if prompt.beginning and not self._continues:
            messages = (*messages, ChatMessage(role="user", content=GO_ON))
        return await client.chat_completion(
            [{"role": message.role, "content": message.content} for message in messages],
            model=self._model,
            max_tokens=settings.max_new_tokens,
            temperature=max(settings.temperature, LOWEST_TEMPERATURE),
            top_p=settings.top_p if settings.top_p < 1 else None,
            seed=settings.seed,
            stop=[*STOPS],
            stream=True,
            extra_body=dict(fields) or None,
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
            seed=settings.seed,
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


async def _serves_tgi(access: Access) -> bool | None:
    """Whether the server describes itself as TGI does. Others answer 404, or something else.

    None: it is not there, or not ready to say so.
    """
    try:
        async with InferenceClient(access) as client:
            client.provider = "hf-inference"
            described = await client.get_endpoint_info(model=access.url.rstrip("/"))
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
