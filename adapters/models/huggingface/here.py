"""The model servers of this machine, where each listens if nobody has told it otherwise."""

import asyncio
from collections.abc import Sequence

from adapters.first_steps import ServerHere
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from adapters.models.huggingface.model_server import describe
from adapters.models.huggingface.own_server import OwnServer

USUAL: Sequence[tuple[str, int]] = (
    ("Ollama", 11434),  # OLLAMA_HOST
    ("llama.cpp", 8080),  # llama-server --port
    ("vLLM", 8000),  # vllm serve --port
    ("LM Studio", 1234),  # its server's settings
    ("TGI", 3000),  # --port, where 80 is not allowed
)
"""What listens where. TGI is often put at the others' ports: it says of itself what it is."""

PATIENCE = 1.5
"""Seconds for all of them: on this machine either somebody listens, or nobody does."""


async def servers_here(usual: Sequence[tuple[str, int]] = USUAL) -> Sequence[ServerHere]:
    """Those that answer as a model server does, in the order of `usual`."""
    async with Connections() as connections:
        found = await asyncio.gather(*(_server(title, port, connections) for title, port in usual))
    return [server for server in found if server is not None]


async def _server(title: str, port: int, connections: Connections) -> ServerHere | None:
    url = f"http://127.0.0.1:{port}"
    try:
        async with asyncio.timeout(PATIENCE):
            described = await describe(OwnServer(Access(url=url), connections))
    except TimeoutError:
        return None
    if not described.names and not described.tgi:
        return None
    return ServerHere(title="TGI" if described.tgi else title, url=url, models=described.names)
