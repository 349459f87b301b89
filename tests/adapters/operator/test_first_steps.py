"""The page's first steps: what is chosen is tried and written, as setup does it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.configuration import OWN
from adapters.finding import Finding, Verdict
from adapters.first_steps import ModelChoice
from adapters.models.huggingface.here import servers_here
from adapters.operator.setup.first_steps import ModelSteps
from tests.servers.model import ModelServer
from tests.servers.ports import free_port
from tests.servers.web_page import web_page

MIXTRAL = "mixtral:8x7b"


class Steps:
    """`restarted`: how often a restart was asked for."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.file = folder / ".env"
        self.restarted = 0
        self.steps = ModelSteps(OWN, self._restart, file=self.file, environ=environ)

    def _restart(self) -> None:
        self.restarted += 1

    async def wrong(self, choice: ModelChoice) -> Sequence[Finding]:
        found = await self.steps.take(choice)
        return [each for each in found if each.verdict is Verdict.WRONG]


def test_the_key_opens_once_and_no_other_does(tmp_path: Path) -> None:
    steps = Steps(tmp_path).steps
    assert [steps.opens(key) for key in ("", "ñ", steps.key[:-1], steps.key, steps.key)] == [
        False,
        False,
        False,
        True,
        False,
    ]


async def test_a_server_is_kept_with_its_name_its_key_and_its_window(tmp_path: Path) -> None:
    place = Steps(tmp_path)
    place.file.write_text("# mine\nLOG_LEVEL=DEBUG\n")
    async with ModelServer(serves=(MIXTRAL, "llama3:8b"), window=8192, key="s3cret") as model:
        url = model.url.removeprefix("http://")
        [refused] = await place.wrong(ModelChoice(url=url))
        assert "wants a key" in refused.text
        assert place.file.read_text() == "# mine\nLOG_LEVEL=DEBUG\n"
        place.steps.restart()
        assert not place.steps.restarts
        assert await place.wrong(ModelChoice(url=url, key="s3cret", longer=True)) == []
    assert place.file.read_text().splitlines() == [
        "# mine",
        "LOG_LEVEL=DEBUG",
        f"MODEL_URL={model.url}",
        "MODEL_API_KEY=s3cret",
        f"MODEL_ID={MIXTRAL}",
        "MODEL_CONTEXT_TOKENS=8192",
        "BOT_MAX_NEW_TOKENS=1024",
        "BOT_SEED=random",
    ]
    assert place.file.stat().st_mode & 0o777 == 0o600
    place.steps.restart()
    assert (place.steps.restarts, place.restarted) == (True, 1)


async def test_the_bare_defaults_stay_where_nobody_wants_others(tmp_path: Path) -> None:
    place = Steps(tmp_path)
    async with ModelServer(serves=(MIXTRAL,)) as model:
        assert await place.wrong(ModelChoice(url=model.url, model=MIXTRAL)) == []
    assert "BOT_" not in place.file.read_text()


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (ModelChoice(url="http://127.0.0.1:1"), "No model server answers at 127.0.0.1:1"),
        (ModelChoice(url="http://"), "MODEL_URL is a text of 7 letters; it must be a URL"),
        (ModelChoice(url="PAGE"), "it is no model server"),
        (ModelChoice(token="two words"), "HF_TOKEN is a text of 9 letters with blanks in it"),
        (ModelChoice(), "HF_TOKEN is a text of 0 letters"),
    ],
)
async def test_what_does_not_work_is_said_and_not_written(
    tmp_path: Path, choice: ModelChoice, said: str
) -> None:
    place = Steps(tmp_path)
    async with web_page() as url:
        [wrong] = await place.wrong(ModelChoice(url=url) if choice.url == "PAGE" else choice)
    assert said in wrong.text
    assert not place.file.exists()


async def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    place = Steps(tmp_path / "nowhere")
    async with ModelServer() as model:
        [wrong] = await place.wrong(ModelChoice(url=model.url))
    assert "can't be written" in wrong.text


async def test_the_servers_of_this_machine_are_found_where_they_listen() -> None:
    async with (
        ModelServer(serves=(MIXTRAL,)) as ollama,
        ModelServer(tgi=True) as tgi,
        web_page() as page,
    ):
        ports = [int(url.rpartition(":")[2]) for url in (ollama.url, tgi.url, page)]
        found = await servers_here(
            [("Ollama", ports[0]), ("vLLM", ports[1]), ("llama.cpp", ports[2]), ("LM Studio", free_port())]
        )
    assert [(each.title, each.url) for each in found] == [
        ("Ollama", f"http://127.0.0.1:{ports[0]}"),
        ("TGI", f"http://127.0.0.1:{ports[1]}"),
    ]
    assert found[0].models == (MIXTRAL,)
