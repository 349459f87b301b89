"""What operators copy agrees with what the bot reads."""

import re
from pathlib import Path

from adapters.environment import Settings
from adapters.environment.tables import configuration_table, env_example

ROOT = Path(__file__).parent.parent
NAMES = {name.upper() for name in Settings.model_fields}


def test_the_example_file_is_made_from_the_settings() -> None:
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_readmes_table_is_made_from_the_settings() -> None:
    readme = (ROOT / "README.md").read_text()
    table = readme.partition("<!-- configuration -->\n")[2].partition("\n<!-- /configuration -->")[0]
    assert table == configuration_table().strip()


def test_the_containers_set_only_variables_that_there_are() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    [line] = re.findall(r"^ENV (.*)$", dockerfile, re.MULTILINE)
    foreign = {"PATH", "PYTHONUNBUFFERED"}
    assert {part.partition("=")[0] for part in line.split()} - foreign <= NAMES
    compose = (ROOT / "deploy/compose.yaml").read_text()
    assert set(re.findall(r"^ {6}([A-Z_]+):", compose, re.MULTILINE)) == {"REDIS_URL"}


def test_the_container_does_not_run_as_root() -> None:
    last_stage = (ROOT / "deploy/Dockerfile").read_text().rpartition("FROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last_stage, re.MULTILINE)
