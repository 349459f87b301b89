"""What the documents and `deploy/` name is there: links, commands, options, make's targets, variables, files.

Metrics are held by `tests/adapters/metrics`, alerts and their runbooks by `test_monitoring`.
"""

import re

import pytest
import typer
from opentelemetry.sdk import environment_variables as open_telemetry
from typer.core import TyperGroup

from adapters.configuration import KNOWN, OWN
from adapters.main import command_line
from adapters.proxies import NAMES
from tests.documents import (
    ROOT,
    Document,
    commands,
    dead_links,
    deployed,
    documents,
    exists,
    files,
    targets,
    variables,
)

DOCUMENTS = documents()
DEPLOYED = deployed()

MADE_BY_OPERATORS = ("deploy/secrets", "deploy/grafana/password")
"""Where a path begins that is there only once somebody has put something there."""

OTHERS = {
    *NAMES,
    *(name for name in vars(open_telemetry) if name.startswith("OTEL_")),
    *("SSL_CERT_FILE", "LC_ALL", "LC_MESSAGES", "LANG"),
    *("OLLAMA_CONTEXT_LENGTH", "OLLAMA_NUM_PARALLEL"),
    "BOT_SERVICE_HOST",  # Kubernetes' own, of a service that is named bot
    "Q4_K_M",  # a quantisation
}
"""Names that are written like variables of ours and belong to somebody else."""

OURS = re.compile(rf"(?<![\w$.])(?:{'|'.join(sorted({name.partition('_')[0] for name in KNOWN}))})_[A-Z_]+\b")
"""Whatever begins as one of the bot's variables does."""


PATH = re.compile(r"(?<![\w/.-])((?:docs|deploy|bot|adapters|tests)/[\w./-]+\.[a-z]+)(#[\w-]+)?(?![\w/])")


def constants() -> set[str]:
    """The names that the program gives to what is always the same."""
    sources = [path for folder in ("bot", "adapters") for path in (ROOT / folder).rglob("*.py")]
    return {name for path in sources for name in re.findall(r"^([A-Z_]+)\b.* = ", path.read_text(), re.M)}


def of_compose() -> set[str]:
    """The variables of the shell that the compose files ask for."""
    texts = [each.text for each in DEPLOYED if each.path.endswith(".yaml")]
    return {name for text in texts for name in re.findall(r"\$\{([A-Z_]+)", text)}


COMMANDS = typer.main.get_command(command_line(OWN))
TARGETS = set(" ".join(re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)).split())


def wrong_commands(document: Document) -> list[str]:
    """Commands that there are not, and options that they do not take."""
    assert isinstance(COMMANDS, TyperGroup)
    wrong = []
    for name, rest in commands(document):
        if (command := COMMANDS.commands.get(name)) is None:
            wrong.append(name)
            continue
        options = {option for each in command.params for option in each.opts} | {"--help"}
        wrong += [f"{name} {each}" for each in re.findall(r"(?<!\S)--[a-z-]+", rest) if each not in options]
    return wrong


def missing_files(document: Document) -> list[str]:
    return [path for path in files(document) if not (exists(path) or path.startswith(MADE_BY_OPERATORS))]


def unknown_variables(document: Document) -> set[str]:
    return set(variables(document)) - {*KNOWN, *OTHERS} - constants() - of_compose()


def each_of(given: list[Document]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("document", given, ids=[each.path for each in given])


@each_of(list(DOCUMENTS))
def test_each_link_leads_to_a_file_and_a_heading(document: Document) -> None:
    assert list(dead_links(document, DOCUMENTS)) == []


@each_of(list(DOCUMENTS))
def test_each_command_option_and_target_that_is_shown_is_there(document: Document) -> None:
    assert wrong_commands(document) == []
    assert set(targets(document)) <= TARGETS


@each_of(list(DOCUMENTS))
def test_each_file_and_variable_that_is_named_is_there(document: Document) -> None:
    assert missing_files(document) == []
    assert unknown_variables(document) == set()


@each_of([each for each in DEPLOYED if OURS.search(each.text)])
def test_each_variable_that_is_deployed_is_one_of_the_bots(document: Document) -> None:
    assert set(OURS.findall(document.text)) - {*KNOWN, *OTHERS} - of_compose() == set()


def program() -> list[Document]:
    """The program's own texts, which send people to documents and files."""
    paths = [path for folder in ("bot", "adapters") for path in sorted((ROOT / folder).rglob("*.py"))]
    paths += [ROOT / "Makefile", ROOT / ".env.example"]
    return [Document(path=str(path.relative_to(ROOT)), text=path.read_text()) for path in paths]


def nowhere(document: Document) -> list[str]:
    """The paths in its text, with a heading behind them or not, that lead nowhere."""
    anchors = {each.path: each.anchors() for each in DOCUMENTS}
    found = PATH.findall(document.text)
    return [
        f"{path}{heading}"
        for path, heading in found
        if not (ROOT / path).exists() or (heading and heading[1:] not in anchors.get(path, ()))
    ]


def test_what_the_program_and_what_is_deployed_send_people_to_is_there() -> None:
    sent = [*program(), *DEPLOYED]
    assert sum(len(PATH.findall(each.text)) for each in sent) > 30
    assert {each.path: paths for each in sent if (paths := nowhere(each))} == {}


def test_what_is_not_there_is_seen() -> None:
    text = """
# One heading, `two` [links](docs/models.md)

See [one](#one-heading-two-links), [two](#two), [three](docs/operations.md#nowhere), [four](docs/none.md).
<img src="docs/none.png">
Say `mixtral-bot docter`, `mixtral-bot status --wacth` or `mixtral-bot status --json`, then `make rum`.
`MODEL_ULR=http://a`, `display/none.py`, `tests/none/`, `bot/errors.py`.

```sh
# [no link](here)
.venv/bin/mixtral-bot chatt | mixtral-bot doctor; make runn
```
"""
    planted = Document(path="README.md", text=text)
    tree = [planted, *(each for each in DOCUMENTS if each.path != planted.path)]
    dead = ["#two", "docs/operations.md#nowhere", "docs/none.md", "docs/none.png"]
    assert list(dead_links(planted, tree)) == dead
    assert sorted(wrong_commands(planted)) == ["chatt", "docter", "status --wacth"]
    assert set(targets(planted)) - TARGETS == {"rum", "runn"}
    assert missing_files(planted) == ["display/none.py", "tests/none/"]
    assert unknown_variables(planted) == {"MODEL_ULR"}
    sent = Document(
        path="a.yaml", text="see docs/operations.md#watching, docs/operations.md#none, bot/none.py"
    )
    assert nowhere(sent) == ["docs/operations.md#none", "bot/none.py"]


def test_there_is_something_to_look_at() -> None:
    counted = [
        sum(len(list(seen(each))) for each in DOCUMENTS) for seen in (commands, targets, files, variables)
    ]
    assert min(counted) > 15
    assert sum(len(each.links()) for each in DOCUMENTS) > 50
