"""`bot.ports.Model` over `huggingface_hub.AsyncInferenceClient`.

A client for each request: the library keeps every stream open until its client is closed.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, cast

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError

from adapters.models.huggingface.faults import LIBRARY_ERRORS, model_error, refused_fields, refuses_unnamed
from adapters.models.huggingface.stops import StopCut
from adapters.models.huggingface.thoughts import Thoughts
from adapters.models.huggingface.wire import Access, InferenceClient
from bot.conversation.generation import (
    ChatMessage,
    Finished,
    FinishReason,
    ModelOutput,
    Prompt,
    TextDelta,
    Thought,
)
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

BROKEN_OFF = ("abort", "error", "cancelled", "tool_calls", "function_call")
"""What servers give for a reason when they broke off, or did something else than answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The next `text`; the `reason` why the answer ends, "" while it goes on; how many characters of
    `thought` came beside it."""

    text: str
    reason: str = ""
    thought: int = 0


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
        self._left_out: frozenset[str] = frozenset()

    @property
    def continues(self) -> bool:
        """Whether an answer's beginning can be sent along: hosted providers take none."""
        chats_on = bool(self._url) and not self._left_out & CONTINUE.keys()
        return chats_on or bool(self._speaks_text)

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[ModelOutput, None]:
        """The answer's pieces, then `Finished`. Closing it closes the connection: the server stops."""
        # What goes on from a beginning brings the blank between the two.
        begun, started, reason = bool(prompt.beginning), False, ""
        thoughts, stops = Thoughts(), StopCut(STOPS)
        client = InferenceClient(self._access)
        try:
            async with client, aclosing(self._pieces(client, prompt, settings)) as pieces:
                async for piece in pieces:
                    text, hidden = thoughts.part(piece.text)
                    if thought := piece.thought + hidden:
                        yield Thought(characters=thought)
                    if piece.reason:
                        text += thoughts.rest()
                    shown = stops.shown(text) + (stops.rest() if piece.reason else "")
                    shown = shown if begun else shown.removeprefix(" ")
                    if shown:
                        begun = started = True
                        yield TextDelta(text=shown)
                    if reason := "stop" if stops.reached else piece.reason:
                        break  # what comes after the end changes nothing
        except LIBRARY_ERRORS as error:
            raise model_error(error, started=started) from error
        if reason not in REASONS:
            why = reason if reason in BROKEN_OFF else "no reason that is known"
            raise StreamBroke(f"the stream ended with {why}")
        yield Finished(reason=REASONS[reason])

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
        """Ask with every field that the server takes. One that it names in a refusal is left out for good;
        where it names none, all that are not needed are, if it takes the rest."""
        suspected: frozenset[str] = frozenset()
        while True:
            fields = self._fields(prompt, settings, suspected)
            try:
                pieces = _chat_pieces(await self._ask(client, prompt, settings, fields))
            except LIBRARY_ERRORS as error:
                if named := refused_fields(error, fields):
                    # Many answers may find this out at once.
                    self._left_out |= named
                elif fields and not suspected and refuses_unnamed(error):
                    suspected = frozenset(fields)
                else:
                    raise
            else:
                self._left_out |= suspected
                return pieces

    def _fields(
        self, prompt: Prompt, settings: GenerationSettings, suspected: frozenset[str]
    ) -> dict[str, object]:
        """Those that the server may do without, by their names on the wire."""
        left_out = self._left_out | suspected
        wanted = {name: value(settings) for name, value in FIELDS.items()}
        if self._url and not left_out & OWN_PENALTIES.keys():
            wanted |= {name: value(settings) for name, value in OWN_PENALTIES.items()}
        else:
            wanted |= {name: value(settings) for name, value in STANDARD_PENALTY.items()}
        if prompt.beginning and self._url and not left_out & CONTINUE.keys():
            wanted |= CONTINUE
        return {name: value for name, value in wanted.items() if value is not None and name not in left_out}

    async def _ask(
        self,
        client: AsyncInferenceClient,
        prompt: Prompt,
        settings: GenerationSettings,
        fields: Mapping[str, object],
    ) -> AsyncIterable[Any]:
        messages = prompt.messages
        if prompt.beginning and not CONTINUE.keys() & fields.keys():
            messages = (*messages, ChatMessage(role="user", content=GO_ON))
        return await client.chat_completion(
            [{"role": message.role, "content": message.content} for message in messages],
            model=self._model,
            max_tokens=settings.max_new_tokens,
            temperature=max(settings.temperature, LOWEST_TEMPERATURE),
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
            if not choice.index:
                delta = choice.delta
                thought = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
                yield Piece(
                    text=_text_of(delta.content),
                    reason=choice.finish_reason or "",
                    thought=len(_text_of(thought)),
                )


def _text_of(content: object) -> str:
    """Content is a text, or a list of parts of which some have one."""
    if isinstance(content, list):
        return "".join(_text_of(part.get("text")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


async def _text_pieces(events: AsyncIterable[Any]) -> AsyncGenerator[Piece, None]:
    async for event in events:
        text = "" if event.token.special else event.token.text
        yield Piece(text=text, reason=event.details.finish_reason if event.details else "")


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


Wire = Mapping[str, Callable[[GenerationSettings], object]]
"""A field's name on the wire -> its value for these settings; `None` leaves it out."""

FIELDS: Wire = {
    "top_p": lambda settings: settings.top_p if settings.top_p < 1 else None,
    "seed": lambda settings: settings.seed,
    "stop": lambda settings: [*STOPS],
}

OWN_PENALTIES: Wire = {
    "repetition_penalty": lambda settings: settings.repetition_penalty,
    "repeat_penalty": lambda settings: settings.repetition_penalty,
}
"""vLLM and SGLang know the first name, the llama.cpp family the second; each passes over the other. 1, for
none, is sent too: llama-cpp-python takes 1.1 where nothing is said."""

STANDARD_PENALTY: Wire = {
    "frequency_penalty": lambda settings: (
        settings.repetition_penalty - RANGES["repetition_penalty"].low
        if settings.repetition_penalty != 1
        else None
    )
}
"""Providers know this name alone: 0 for none, up to 2. A penalty of 1.2 is about 0.2 there; transformers'
server adds the 1 again and means the very same penalty."""
