"""What a model server of one's own is given: its key, its headers; and whose certificates are good for it."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.composition.models import models
from adapters.configuration import ConfigurationError, Settings, load_settings
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from adapters.models.huggingface.model_server import describe
from adapters.models.huggingface.own_server import OwnServer
from bot.conversation.generation import ChatMessage, Prompt, TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelError, ModelUnreachable, TokenRefused
from bot.ports import Model
from tests.servers.model import TWENTY_WORDS, Fault, ModelServer
from tests.servers.tls import certificate, tls_front

PROMPT = Prompt(messages=(ChatMessage(role="user", content="Hi"),), text="[INST] Hi [/INST]", tokens=9)


def loaded(folder: Path, **environ: str) -> Settings:
    return load_settings(environ, folder / ".env", folder / "secrets")


def offered(settings: Settings, connections: Connections) -> list[Model]:
    return [model for _, model in models(settings, connections)]


async def said(model: Model) -> str:
    return "".join(
        [
            event.text
            async for event in model.stream(PROMPT, GenerationSettings())
            if isinstance(event, TextDelta)
        ]
    )


@pytest.fixture(params=["chat", "text", "auto"])
async def closed(request: pytest.FixtureRequest) -> AsyncIterator[tuple[ModelServer, str]]:
    """A server that wants a key, and the protocol that it is asked in."""
    async with ModelServer(key="k3y", tgi=request.param != "chat") as server:
        yield server, request.param


async def test_the_key_opens_the_door_in_each_protocol(
    tmp_path: Path, closed: tuple[ModelServer, str], connections: Connections
) -> None:
    server, api = closed
    place = {"MODEL_URL": server.url, "MODEL_API": api}
    [model] = offered(loaded(tmp_path, **place, MODEL_API_KEY="k3y", HF_TOKEN="hf_s3cret"), connections)
    assert await said(model) == TWENTY_WORDS
    [shut] = offered(loaded(tmp_path, **place, HF_TOKEN="hf_s3cret"), connections)
    with pytest.raises(TokenRefused):
        await said(shut)
    assert "hf_s3cret" not in str([each.headers for each in server.requests])


async def test_a_key_may_be_a_secret_file(tmp_path: Path, connections: Connections) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "model_api_key").write_text("k3y\n")
    async with ModelServer(key="k3y") as server:
        [model] = offered(loaded(tmp_path, MODEL_URL=server.url), connections)
        assert await said(model) == TWENTY_WORDS


async def test_each_of_several_models_has_its_own(tmp_path: Path, connections: Connections) -> None:
    async with ModelServer(key="one") as first, ModelServer(key="two") as second, ModelServer() as third:
        entries = [
            {"name": "a", "id": "a", "url": first.url, "api_key": "one", "headers": {"X-Team": "red"}},
            {"name": "b", "id": "b", "url": second.url, "api_key": "two"},
            {"name": "c", "id": "c", "url": third.url},
        ]
        for model in offered(loaded(tmp_path, MODELS=json.dumps(entries)), connections):
            assert await said(model) == TWENTY_WORDS
        assert {each.headers["X-Team"] for each in first.requests} == {"red"}
        for server in (second, third):
            assert "red" not in str([each.headers for each in server.requests])
        assert "Authorization" not in str([each.headers for each in third.requests])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("X-Api-Key: k3y", {"X-Api-Key": "k3y"}),
        ('{"X-Api-Key": "k3y", "X-Team": "a, b"}', {"X-Api-Key": "k3y", "X-Team": "a, b"}),
        ("Authorization: Basic YTpi", {"Authorization": "Basic YTpi"}),
    ],
)
async def test_headers_are_sent_along(
    tmp_path: Path, given: str, expected: dict[str, str], connections: Connections
) -> None:
    async with ModelServer() as server:
        [model] = offered(loaded(tmp_path, MODEL_URL=server.url, MODEL_HEADERS=given), connections)
        await said(model)
        for request in server.requests:
            assert request.headers.items() >= expected.items()


async def test_a_redirection_takes_them_nowhere(tmp_path: Path, connections: Connections) -> None:
    async with ModelServer() as elsewhere:
        away = Fault(status=307, headers={"Location": f"{elsewhere.url}/v1/chat/completions"})
        async with ModelServer() as server:
            server.faults = [away] * 3
            [model] = offered(loaded(tmp_path, MODEL_URL=server.url, MODEL_API_KEY="k3y"), connections)
            with pytest.raises(ModelError) as caught:
                await said(model)
        assert "k3y" not in str(caught.value)
        assert elsewhere.requests == []


@pytest.mark.parametrize("name", ["MODEL_API_KEY", "MODEL_HEADERS", "MODEL_CA_FILE"])
def test_what_would_go_nowhere_is_said(tmp_path: Path, name: str) -> None:
    public, _ = certificate(tmp_path)
    value = {"MODEL_API_KEY": "k3y", "MODEL_HEADERS": "X-Key: k3y", "MODEL_CA_FILE": str(public)}[name]
    with pytest.raises(ConfigurationError, match=f"{name} is for .* alone: set MODEL_URL, too"):
        loaded(tmp_path, **{name: value})
    models = '[{"name": "a", "id": "a", "url": "http://localhost"}]'
    with pytest.raises(ConfigurationError, match="into its entry of MODELS"):
        loaded(tmp_path, **{name: value, "MODELS": models})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODEL_HEADERS", "no colon k3y"),
        ("MODEL_HEADERS", '{"X Key": "k3y"}'),
        ("MODEL_HEADERS", '{"X-Key": "k3y\\r\\nX-Other: 1"}'),
        ("MODEL_HEADERS", '{"X-Key": 5}'),
        ("MODEL_HEADERS", "{k3y"),
        ("MODEL_CA_FILE", "/nowhere/k3y.pem"),
        ("MODEL_API_KEY", "Bearer k3y"),
    ],
)
def test_what_can_be_none_is_refused_without_being_shown(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, MODEL_URL="http://localhost:8000", **{name: value})
    assert str(caught.value).startswith((f"{name} is a text of ", f"{name}: "))
    assert "k3y" not in str(caught.value)


async def test_a_certificate_of_ones_own_is_trusted_where_its_file_is_named(
    tmp_path: Path, connections: Connections
) -> None:
    public, key = certificate(tmp_path)
    async with ModelServer() as server, tls_front(public, key, server.url) as url:
        [model] = offered(loaded(tmp_path, MODEL_URL=url, MODEL_CA_FILE=str(public)), connections)
        assert await said(model) == TWENTY_WORDS
        [distrusted] = offered(loaded(tmp_path, MODEL_URL=url, MODEL_API="chat"), connections)
        with pytest.raises(ModelUnreachable):
            await said(distrusted)
        assert (await describe(OwnServer(Access(url=url), connections))).failure == (
            "its certificate is not trusted"
        )
