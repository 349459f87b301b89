"""The real client, on connections that end with the test."""

from collections.abc import AsyncIterator
from typing import Literal, Protocol

import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from tests.servers.model import ModelServer


class Generators(Protocol):
    def __call__(
        self, server: ModelServer, *, api: Literal["auto", "chat", "text"] = "auto", token: str = ""
    ) -> HuggingFaceGenerator: ...


@pytest.fixture
async def connections() -> AsyncIterator[Connections]:
    async with Connections() as connections:
        yield connections


@pytest.fixture
def generator(connections: Connections) -> Generators:
    """What asks that server."""

    def generator(
        server: ModelServer, *, api: Literal["auto", "chat", "text"] = "auto", token: str = ""
    ) -> HuggingFaceGenerator:
        return HuggingFaceGenerator(
            model="mistralai/Mixtral-8x7B-Instruct-v0.1",
            api=api,
            provider="auto",
            access=Access(url=server.url, token=token),
            connections=connections,
        )

    return generator
