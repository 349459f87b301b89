"""The program on a pipe, with a model's server that speaks one protocol or the other."""

from pathlib import Path

import pytest

from tests.scenarios.pipe import piped
from tests.servers.model import ModelServer


@pytest.mark.parametrize(("tgi", "path"), [(True, "/"), (False, "/v1/chat/completions")])
async def test_a_line_is_answered_over_the_protocol_that_the_server_speaks(
    tgi: bool, path: str, tmp_path: Path
) -> None:
    async with ModelServer("It scatters. [INST]", tgi=tgi) as server:
        shown = await piped("Why is the sky blue?\n", tmp_path, MODEL_URL=server.url)
    assert "It scatters." in shown
    assert "[INST]" not in shown
    [request] = server.requests
    assert request.path == path
    if tgi:
        assert request.body["inputs"] == "[INST] Why is the sky blue? [/INST]"
    else:
        assert request.body["messages"] == [{"role": "user", "content": "Why is the sky blue?"}]


async def test_a_name_as_ollama_has_them_reaches_the_server_as_it_is(tmp_path: Path) -> None:
    name = "mixtral:8x7b-instruct-v0.1-q4_K_M"
    async with ModelServer("Yes.") as server:
        assert "Yes." in await piped("Really?\n", tmp_path, MODEL_URL=server.url, MODEL_ID=name)
    assert server.requests[0].body["model"] == name
