"""The model: whether its server answers, to this name, in this window, and how soon."""

import asyncio
import difflib
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from adapters.finding import Finding, ok, warning, wrong
from adapters.models.huggingface import HuggingFaceGenerator
from adapters.models.huggingface.access import HUGGING_FACE_URL, NO_TOKEN, Access
from adapters.models.huggingface.connections import Connections
from adapters.models.huggingface.model_server import SelfDescription, describe
from adapters.models.huggingface.own_server import OwnServer
from adapters.proxies import way_to
from bot.conversation.generation import ChatMessage, Prompt
from bot.conversation.settings import WORDS, GenerationSettings
from bot.errors import (
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
    TokenRefused,
    UnknownModel,
)

DESCRIPTION, FIRST_WORD = 1.5, 4.5
"""Seconds for what the server says of itself, and for its first word."""

PROMPT = Prompt(messages=(ChatMessage(role="user", content="Hi"),), text="[INST] Hi [/INST]", tokens=9)
ONE_TOKEN = GenerationSettings(max_new_tokens=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What the configuration says of it: `access` of no URL is to Hugging Face's providers."""

    id: str
    access: Access
    api: Literal["auto", "chat", "text"]
    provider: str
    context_tokens: int

    @property
    def url(self) -> str:
        """Its server's; "": Hugging Face's providers."""
        return self.access.url

    @property
    def place(self) -> str:
        """Where it is, without what a URL may hold beside that."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname}{port}" if self.url else "Hugging Face"


async def check(model: Model) -> list[Finding]:
    """Let it say of itself what it does, then write one token."""
    if not model.url and not model.access.token:
        return [
            warning(
                "model",
                "None is set: the bot shows what a model would have been sent.",
                "Set MODEL_URL, or HF_TOKEN for Hugging Face's providers.",
            )
        ]
    server = await described(model)
    if server.failure:
        return [unreachable(model, server.failure)]
    try:
        async with asyncio.timeout(FIRST_WORD):
            seconds, ignored = await _first_word(model, server)
    except TimeoutError:
        if server.silent:
            return [unreachable(model, "silence")]
        remedy = "Is it loading the model, or busy? Its log says."
        answer = warning("model", f"{model.place} has no first word within {FIRST_WORD:g} s.", remedy)
        return [answer, *_name(model, server), *_window(model, server)]
    except ModelError as error:
        return [*failure(model, server, error), *_window(model, server)]
    protocol = "text" if _speaks_text(model, server) else "chat"
    answer = ok(
        "model", f"{model.place} answers by the {protocol} protocol, first word after {seconds:.2f} s."
    )
    return [answer, *_name(model, server), *_window(model, server), *_settings(model, ignored)]


async def described(model: Model) -> SelfDescription:
    """What its server says of itself, in the time that there is for that."""
    try:
        async with asyncio.timeout(DESCRIPTION), Connections() as connections:
            return await describe(OwnServer(model.access, connections))
    except TimeoutError:
        return SelfDescription(windows={}, silent=True)


def plain(model: Model, server: SelfDescription) -> list[Finding]:
    """What can be said of a server of one's own before it was asked for a word."""
    if server.failure or server.silent:
        return [unreachable(model, server.failure or "silence")]
    if server.closed:
        return [refused(model, f"HTTP {server.closed}")]
    if server.page and not server.names and not server.tgi:
        return [web_page(model)]
    return [*_name(model, server), *_window(model, server)]


async def _first_word(model: Model, server: SelfDescription) -> tuple[float, tuple[str, ...]]:
    """Seconds until it, and the settings that the server refuses. Raises the errors under `ModelError`."""
    async with Connections() as connections:
        generator = HuggingFaceGenerator(
            model=model.id,
            api="text" if _speaks_text(model, server) else "chat",
            provider=model.provider,
            access=model.access,
            connections=connections,
        )
        begun = time.perf_counter()
        async with aclosing(generator.stream(PROMPT, ONE_TOKEN)) as events:
            await anext(events)
        return time.perf_counter() - begun, generator.ignored(ONE_TOKEN)


def _settings(model: Model, ignored: tuple[str, ...]) -> list[Finding]:
    """Those without effect, by the words that people type."""
    if not ignored:
        return []
    words = ", ".join(word for word, field in WORDS.items() if field in ignored)
    remedy = "Answers are written without them; `why` says so of each. A server such as vLLM takes all."
    return [warning("model settings", f"{model.place} does not take {words}: no effect there.", remedy)]


def _speaks_text(model: Model, server: SelfDescription) -> bool:
    return bool(model.url) and (model.api == "text" or (model.api == "auto" and server.tgi))


def _name(model: Model, server: SelfDescription) -> list[Finding]:
    """What an answering server says of the name: some answer to any."""
    if not server.names:
        return []
    if model.id in server.names:
        return [ok("model name", f"The server has {model.id}.")]
    if not model.url:  # a list of a few hundred; the providers have more than it names
        return []
    near = nearest(model.id, server.names)
    return [
        warning(
            "model name",
            f"The server answers, though it has no model named {model.id}.",
            f"Set MODEL_ID={near}, the nearest that it has.",
        )
    ]


def nearest(name: str, names: tuple[str, ...]) -> str:
    """The one of `names` that looks most like `name`."""
    return max(names, key=lambda other: difflib.SequenceMatcher(None, name.lower(), other.lower()).ratio())


def _window(model: Model, server: SelfDescription) -> list[Finding]:
    name, window = "model context", server.window(model.id)
    if not window:
        return []
    if window < model.context_tokens:
        return [
            wrong(
                name,
                f"The server's window is {window} tokens, MODEL_CONTEXT_TOKENS is {model.context_tokens}: "
                "long conversations are refused.",
                f"Set MODEL_CONTEXT_TOKENS={window}, or start the server with a longer window.",
            )
        ]
    return [ok(name, f"The server's window is {window} tokens, of which {model.context_tokens} are used.")]


def unreachable(model: Model, why: str) -> Finding:
    """Nothing came back from its server."""
    if not model.url:
        way = way_to(HUGGING_FACE_URL)
        remedy = "Is there a network, or a firewall?"
        return wrong("model", f"Hugging Face was not reached{way} ({why}).", remedy)
    way = way_to(model.url)
    remedy = "Start it, or correct MODEL_URL."
    if way:
        remedy += " If it needs no proxy, name its host in NO_PROXY."
    return wrong("model", f"No model server answers at {model.place}{way} ({why}).", remedy)


def web_page(model: Model) -> Finding:
    """Something else than a model server answers."""
    remedy = "MODEL_URL is the base of a model server, as http://localhost:8000, without a page's path."
    return wrong("model", f"{model.place} answers with a web page: it is no model server.", remedy)


def failure(model: Model, server: SelfDescription, error: ModelError) -> list[Finding]:
    """Why there is no answer, by the likeliest reason first."""
    match error:
        case TokenRefused():
            return [refused(model, str(error))]
        case _ if server.page:
            return [web_page(model)]
        case UnknownModel() | ModelRefused() if model.url and model.api == "text" and not server.tgi:
            return [wrong("model", f"{model.place} does not speak TGI's protocol.", "Set MODEL_API=auto.")]
        case UnknownModel():
            return [_unknown(model, server)]
        case ModelBusy():
            remedy = "The bot tries again by itself; a lower MODEL_CONCURRENCY keeps it from there."
            return [warning("model", f"{model.place} is overloaded ({error}).", remedy)]
        case ModelWaking():
            remedy = "Wait until it is up; people are told that it takes a while."
            return [warning("model", f"{model.place} is waking up.", remedy)]
        case NoCredits():
            return [
                wrong(
                    "model", "The Hugging Face account's credits are used up.", "Buy some, or set MODEL_URL."
                )
            ]
        case ModelUnreachable():
            return [unreachable(model, str(error))]
        case _:
            remedy = "Are MODEL_URL and MODEL_API right? The server's log says more."
            return [wrong("model", f"{model.place} gives no answer ({error}).", remedy)]


def refused(model: Model, why: str) -> Finding:
    """It does not let the bot in."""
    if model.access.key:
        remedy = "Set the one that the server was started with (api_key in MODELS); its log says more."
        return wrong("model", f"{model.place} does not accept MODEL_API_KEY ({why}).", remedy)
    if model.access.bearer == NO_TOKEN:
        remedy = (
            "Set MODEL_API_KEY (api_key in MODELS), or MODEL_HEADERS where it wants another header: "
            "HF_TOKEN goes to Hugging Face alone."
        )
        return wrong("model", f"{model.place} wants a key ({why}), and the bot has none for it.", remedy)
    remedy = "Make a new one at https://huggingface.co/settings/tokens that may call inference providers."
    return wrong("model", f"{model.place} does not accept HF_TOKEN ({why}).", remedy)


def _unknown(model: Model, server: SelfDescription) -> Finding:
    what = f"{model.place} has no model named {model.id}."
    if model.id in server.names:
        remedy = (
            "MODEL_URL is the server's base, without /chat/completions; MODEL_API=auto finds the protocol."
        )
        return wrong("model", f"{model.place} has {model.id}, and does not answer to it.", remedy)
    if server.names:
        return wrong(
            "model", what, f"Set MODEL_ID={nearest(model.id, server.names)}, the nearest that it has."
        )
    if not model.url:
        return wrong(
            "model", what, "Set MODEL_ID to one that a provider serves, MODEL_PROVIDER=auto, or MODEL_URL."
        )
    return wrong(
        "model", what, "MODEL_ID is the name that the server gives the model, MODEL_URL the server's base."
    )
