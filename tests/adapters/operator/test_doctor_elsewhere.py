"""The doctor, where something else answers in a platform's place: it says from which address."""

from pathlib import Path

import pytest

from adapters.configuration import load_settings
from adapters.finding import Finding, Verdict
from adapters.operator.doctor.doctor import examine
from tests.scenarios.test_something_else import Answer, empty_object, listed, nothing, number, page, server

ANSWERS = [page, nothing, empty_object, listed, number]


async def found(folder: Path, name: str, environ: dict[str, str]) -> Finding:
    settings = load_settings(
        {**environ, "HTTP_PORT": "0", "DATA_DIR": str(folder / "kept")}, folder / ".env", folder / "secrets"
    )
    [finding] = [each for each in await examine(settings) if each.name == name]
    assert finding.verdict is Verdict.WRONG
    assert "Grace" not in f"{finding}"
    return finding


@pytest.mark.parametrize("answer", ANSWERS)
async def test_in_discords_place(tmp_path: Path, answer: Answer) -> None:
    async with server(answer) as url:
        base = url.replace("http://", "http://ada:s3cret@")
        environ = {"DISCORD_TOKEN": "a-token", "DISCORD_API_URL": f"{base}/api/v10"}
        finding = await found(tmp_path, "discord", environ)
    assert f"{url}/api/v10/" in finding.text
    assert "DISCORD_API_URL must be a REST base" in finding.remedy


@pytest.mark.parametrize("answer", ANSWERS)
async def test_in_slacks_place(tmp_path: Path, answer: Answer) -> None:
    async with server(answer) as url:
        tokens = {"SLACK_BOT_TOKEN": "xoxb-a-token", "SLACK_APP_TOKEN": "xapp-a-token"}
        finding = await found(tmp_path, "slack", {**tokens, "SLACK_API_URL": f"{url}/api/"})
    assert f"{url}/api/" in finding.text
    assert "SLACK_API_URL must be a Web API's base" in finding.remedy
