"""`bot.ports.Model` over HTTP: a server of one's own, or Hugging Face's providers."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Literal, Protocol

from adapters.models.huggingface.access import Access
from adapters.models.huggingface.answer_stream import AnswerStream
from adapters.models.huggingface.connections import Connections, Pieces
from adapters.models.huggingface.failures import ServerSaid, meaning
from adapters.models.huggingface.fields import CHAT, CONTINUE, OWN_SERVERS_ALONE, STOPS, TEXT, Fields
from adapters.models.huggingface.model_server import serves_tgi
from adapters.models.huggingface.own_server import OwnServer
from adapters.models.huggingface.pieces import parts
from adapters.models.huggingface.seam import Seam
from bot.conversation.generation import ChatMessage, Prompt, StreamEvent, TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelUnreachable, StreamBroke

logger = logging.getLogger(__name__)

GO_ON = "Go on exactly where your answer broke off. Repeat nothing, and say nothing about it."
"""For a server that can't: a new message, in which the model sees its answer as finished."""


class Server(Protocol):
    """Whom a question is put to. Both raise `ServerSaid`, and `ModelUnreachable`, also while it is read."""

    async def chat(self, model: str, messages: Sequence[ChatMessage], fields: Mapping[str, object]) -> Pieces:
        """Ask in OpenAI's way."""

    async def text(self, prompt: str, fields: Mapping[str, object]) -> Pieces:
        """Ask in TGI's own way, with a prompt that is written out."""


class HuggingFaceGenerator:
    """`provider`: of Hugging Face's, where `access` has no URL: one of them, or `auto`.

    It learns what its server takes from what that refuses, and whether its model's answers begin within
    reasoning, and remembers it.
    """

    def __init__(
        self,
        *,
        model: str,
        api: Literal["auto", "chat", "text"],
        provider: str,
        access: Access,
        connections: Connections,
    ) -> None:
        url = access.url
        self._model = model if url or provider == "auto" else f"{model}:{provider}"
        self._speaks_text: bool | None = {"chat": False, "text": True, "auto": None}[api] if url else False
        self._own = OwnServer(access, connections)
        self._server: Server = self._own if url else _providers(access, connections)
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
        try:
            async with aclosing(await self._pieces(prompt, settings)) as batches:
                # How it was asked decides how the halves are joined.
                seam = Seam(prompt.beginning, in_words=not self.continues)
                # A text that the server itself goes on from has its reasoning behind it.
                within = self._begins_within_reasoning and not (prompt.beginning and self.continues)
                answer = AnswerStream(seam, STOPS, sent=sent, within=within)
                try:
                    async for pieces in batches:
                        for number, part in enumerate(part for piece in pieces for part in parts(piece)):
                            if number:
                                await asyncio.sleep(0)
                            for event in answer.add(part):
                                started = started or isinstance(event, TextDelta)
                                yield event
                        if answer.over:
                            break
                finally:
                    if answer.begins_within is not None:
                        self._begins_within_reasoning = answer.begins_within
                    if seam.repeats:
                        self._chat_fields.refused.update(CONTINUE)
        except ServerSaid as said:
            raise meaning(said.failure, sent) from said
        except ModelUnreachable as error:
            if started:
                raise StreamBroke(str(error)) from error
            raise
        yield answer.end()

    @property
    def _fields(self) -> Fields:
        return self._text_fields if self._speaks_text else self._chat_fields

    async def _pieces(self, prompt: Prompt, settings: GenerationSettings) -> Pieces:
        """Ask with every field that the server takes. One that it names in a refusal is left out from then
        on; where it names none, all that are not standard are, if that helps."""
        if self._speaks_text is None:
            self._speaks_text = await serves_tgi(self._own)
        fields = self._fields
        first: ServerSaid | None = None
        while True:
            body = fields.body(settings)
            if prompt.beginning and not self._speaks_text and fields.refused.isdisjoint(CONTINUE):
                body = {**body, **CONTINUE}
            try:
                pieces = await self._ask(prompt, body)
            except ServerSaid as said:
                failure = said.failure
                if names := failure.refused(body):
                    fields.refuse(names, body, value=failure.minds_a_value)
                elif first or not failure.is_bare:
                    raise first or said from None
                else:
                    first, fields = said, fields.standard_alone()
                    if fields.body(settings).keys() == body.keys():
                        raise
                logger.info("%s is asked again: %s", self._model, meaning(failure, _words(prompt)))
            else:
                self._fields.refused.update(fields.refused)
                return pieces

    async def _ask(self, prompt: Prompt, fields: Mapping[str, object]) -> Pieces:
        if self._speaks_text:
            return await self._server.text(prompt.text, fields)
        messages = prompt.messages
        if prompt.beginning and not CONTINUE.keys() & fields.keys():
            messages = (*messages, ChatMessage(role="user", content=GO_ON))
        return await self._server.chat(self._model, messages, fields)


def _providers(access: Access, connections: Connections) -> Server:
    from adapters.models.huggingface.providers import Providers  # noqa: PLC0415  # it is large

    return Providers(access, connections)


def _words(prompt: Prompt) -> str:
    return "\n".join(message.content for message in prompt.messages)
