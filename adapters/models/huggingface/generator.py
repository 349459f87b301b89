"""`bot.ports.Model` over `huggingface_hub.AsyncInferenceClient`.

A client for each request: the library keeps every stream open until its client is closed.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing
from dataclasses import is_dataclass
from typing import Any, Literal, cast

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError, TextGenerationError

from adapters.models.huggingface.answer_stream import AnswerStream
from adapters.models.huggingface.failures import Failure, meaning
from adapters.models.huggingface.faults import LIBRARY_ERRORS, model_error, server_failure
from adapters.models.huggingface.fields import CHAT, CONTINUE, OWN_SERVERS_ALONE, STOPS, TEXT, Fields
from adapters.models.huggingface.pieces import Piece, chat_piece, text_piece
from adapters.models.huggingface.seam import Seam
from adapters.models.huggingface.wire import Access, InferenceClient
from bot.conversation.generation import ChatMessage, Prompt, StreamEvent, TextDelta
from bot.conversation.settings import GenerationSettings

logger = logging.getLogger(__name__)

GO_ON = "Go on exactly where your answer broke off. Repeat nothing, and say nothing about it."
"""For a server that can't: a new message, in which the model sees its answer as finished."""


class HuggingFaceGenerator:
    """`url` '' means Hugging Face's providers; `provider` one of them, or `auto`. `access`: what the server
    is given, where that is more than `token`.

    It learns what its server takes from what that refuses, and whether its model's answers begin within
    reasoning, and remembers it.
    """

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
        self._chat_fields = Fields(rows=CHAT, refused=set() if url else {*OWN_SERVERS_ALONE, *CONTINUE})
        self._text_fields = Fields(rows=TEXT)
        self._begins_within_reasoning = False

    @property
    def continues(self) -> bool:
        """Whether an answer's beginning can be sent along: hosted providers take none."""
        return bool(self._speaks_text) or self._chat_fields.refused.isdisjoint(CONTINUE)

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        """As `bot.ports.Model` says."""
        return self._fields.ignored(settings)

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        """The answer's pieces, then `Finished`. Closing it closes the connection: the server stops."""
        sent, started = _words(prompt), False
        client = InferenceClient(self._access)
        try:
            async with client, aclosing(await self._pieces(client, prompt, settings)) as pieces:
                # How it was asked decides how the halves are joined.
                seam = Seam(prompt.beginning, in_words=not self.continues)
                # A text that the server itself goes on from has its reasoning behind it.
                within = self._begins_within_reasoning and not (prompt.beginning and self.continues)
                answer = AnswerStream(seam, STOPS, sent=sent, within=within)
                try:
                    async for piece in pieces:
                        for event in answer.add(piece):
                            started = started or isinstance(event, TextDelta)
                            yield event
                        if answer.over:
                            break
                finally:
                    if answer.begins_within is not None:
                        self._begins_within_reasoning = answer.begins_within
                    if seam.repeats:
                        self._chat_fields.refused.update(CONTINUE)
        except LIBRARY_ERRORS as error:
            raise model_error(error, started=started, sent=sent) from error
        yield answer.end()

    @property
    def _fields(self) -> Fields:
        return self._text_fields if self._speaks_text else self._chat_fields

    async def _pieces(
        self, client: AsyncInferenceClient, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[Piece, None]:
        """Ask with every field that the server takes. One that it names in a refusal is left out from then
        on; where it names none, all that are not standard are, if that helps."""
        if self._speaks_text is None:
            self._speaks_text = await _serves_tgi(self._access)
        asked = self._text if self._speaks_text else self._chat
        fields = self._fields
        first: Exception | None = None
        while True:
            body = fields.body(settings)
            if prompt.beginning and not self._speaks_text and fields.refused.isdisjoint(CONTINUE):
                body = {**body, **CONTINUE}
            try:
                pieces = await asked(client, prompt, body)
            except LIBRARY_ERRORS as error:
                failure = server_failure(error)
                if failure is None:
                    raise first or error from None
                if names := failure.refused(body):
                    fields.refuse(names, body, value=failure.minds_a_value)
                elif first or not failure.is_bare:
                    raise first or error from None
                else:
                    first, fields = error, fields.standard_alone()
                    if fields.body(settings).keys() == body.keys():
                        raise
                logger.info("%s is asked again: %s", self._model, meaning(failure, _words(prompt)))
            else:
                self._fields.refused.update(fields.refused)
                return pieces

    async def _chat(
        self, client: AsyncInferenceClient, prompt: Prompt, fields: Mapping[str, object]
    ) -> AsyncGenerator[Piece, None]:
        messages = prompt.messages
        if prompt.beginning and not CONTINUE.keys() & fields.keys():
            messages = (*messages, ChatMessage(role="user", content=GO_ON))
        chunks: AsyncIterable[Any] = await client.chat_completion(
            [{"role": message.role, "content": message.content} for message in messages],
            model=self._model,
            stream=True,
            extra_body=dict(fields),
        )
        return _read(chunks, text=False)

    async def _text(
        self, client: AsyncInferenceClient, prompt: Prompt, fields: Mapping[str, Any]
    ) -> AsyncGenerator[Piece, None]:
        events = await client.text_generation(
            prompt.text,
            model=self._url,
            details=True,
            stream=True,
            do_sample=True,
            return_full_text=False,
            **fields,
        )
        return _read(cast("AsyncIterable[Any]", events), text=True)


async def _read(events: AsyncIterable[Any], *, text: bool) -> AsyncGenerator[Piece, None]:
    """The library's events as pieces; an error object that it raised is one."""
    try:
        async for event in events:
            yield text_piece(_plain(event)) if text else chat_piece(_plain(event))
    except TextGenerationError as error:
        failure = server_failure(error)
        yield Piece(failure=(failure or Failure()).body)


def _plain(value: Any) -> Any:
    """The library's dataclasses as the JSON that they were, with the fields that it does not know."""
    if is_dataclass(value):
        return {name: _plain(each) for name, each in vars(value).items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _words(prompt: Prompt) -> str:
    return "\n".join(message.content for message in prompt.messages)


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
