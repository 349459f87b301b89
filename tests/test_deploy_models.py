"""The model servers' compose profiles agree with the program, with compose.yaml and with docs/models.md."""

import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from adapters.configuration import KNOWN, load_settings
from adapters.configuration.models import ModelEntry
from adapters.configuration.settings import generation_defaults

ROOT = Path(__file__).parent.parent
BASE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
MODELS = yaml.safe_load((ROOT / "deploy/compose.models.yaml").read_text())
DOCS = (ROOT / "docs/models.md").read_text()
MODELFILE = (ROOT / "deploy/Modelfile").read_text()

PROFILES = {"vllm", "sglang", "tgi", "llamacpp", "ollama"}
SERVERS: dict[str, dict[str, Any]] = {name: MODELS["services"][name] for name in sorted(PROFILES)}
BOT = MODELS["services"]["bot"]
MODEL_URL = urlsplit(BOT["environment"]["MODEL_URL"])

SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", DOCS, re.MULTILINE))
RECIPES = {title: text for title, text in SECTIONS.items() if "```ini" in text}
PROFILE_OF = dict(re.findall(r"^\| \[(.+?)\]\(.*?\) \| `(\w+)` \|", DOCS, re.MULTILINE))
BY_PROFILE = {profile: RECIPES[title] for title, profile in PROFILE_OF.items()}


def block(text: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


def variables(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block(text, "ini").splitlines())


def arguments(text: str) -> list[list[str]]:
    """The commands of a recipe, each in words."""
    return [shlex.split(line) for line in block(text, "sh").replace("\\\n", " ").splitlines()]


def after(option: str, command: list[str]) -> str:
    return command[command.index(option) + 1]


def test_each_profile_has_one_server_and_the_bot_belongs_to_all() -> None:
    servers = {
        name: service["profiles"]
        for name, service in MODELS["services"].items()
        if isinstance(service["networks"], dict)
        and service["networks"]["models"] == {"aliases": [MODEL_URL.hostname]}
    }
    assert servers == {name: [name] for name in PROFILES}
    assert "profiles" not in BOT
    others = {profile for service in MODELS["services"].values() for profile in service.get("profiles", [])}
    assert others == PROFILES


def test_the_bot_gets_only_variables_that_there_are(tmp_path: Path) -> None:
    settings = load_settings(BOT["environment"], tmp_path / "none", tmp_path)
    assert set(BOT["environment"]) <= set(KNOWN)
    assert settings.model_url == "http://model:8000"


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_server_listens_where_the_bot_looks_for_it(profile: str) -> None:
    server = SERVERS[profile]
    address = server["environment"].get("OLLAMA_HOST")
    if address is None:
        address = f":{after('--port', [word for part in server['command'] for word in part.split('=')])}"
    assert address.rpartition(":")[2] == str(MODEL_URL.port)


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_nothing_but_the_bot_reaches_a_model(profile: str) -> None:
    assert MODELS["networks"]["models"]["internal"]
    assert "ports" not in SERVERS[profile]
    assert set(BOT["networks"]) == {*BASE["services"]["bot"]["networks"], "models"}
    assert "store" not in SERVERS[profile]["networks"]


def test_both_files_fit_each_other() -> None:
    networks = set(BASE["networks"]) | set(MODELS["networks"])
    for service in MODELS["services"].values():
        assert set(service["networks"]) <= networks
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in MODELS["volumes"] or (ROOT / "deploy" / source).is_file()
    assert set(BASE["services"]) & set(MODELS["services"]) == {"bot"}
    assert not set(BASE["volumes"]) & set(MODELS["volumes"])


@pytest.mark.parametrize("profile", sorted(PROFILES - {"ollama"}))
def test_the_docs_start_what_a_profile_starts(profile: str) -> None:
    [command] = arguments(BY_PROFILE[profile])
    server = SERVERS[profile]
    start = command.index(server["image"])
    assert command[start + 1 :] == [word for part in server["command"] for word in part.split("=")]
    assert set(server["volumes"]) == {after("-v", command)}
    host, port, inside = after("-p", command).split(":")
    assert (host, inside) == ("127.0.0.1", str(MODEL_URL.port))
    assert variables(BY_PROFILE[profile])["MODEL_URL"] == f"http://localhost:{port}"


def test_the_docs_start_ollama_as_its_profile_does(tmp_path: Path) -> None:
    serve, create = arguments(BY_PROFILE["ollama"])
    told = dict(word.split("=") for word in serve if "=" in word)
    assert told.items() <= SERVERS["ollama"]["environment"].items()
    model = MODELS["services"]["ollama-model"]
    assert [*model["entrypoint"], *model["command"][:-1]] == create[:-1]
    assert (ROOT / create[-1]).read_text() == MODELFILE
    assert create[2] == load_settings({}, tmp_path / "none", tmp_path).model_id
    assert model["environment"]["OLLAMA_HOST"] == BOT["environment"]["MODEL_URL"]


def test_ollamas_penalty_is_the_bots_and_its_weights_are_llamacpps(tmp_path: Path) -> None:
    defaults = generation_defaults(load_settings({}, tmp_path / "none", tmp_path), "mixtral")
    assert f"\nPARAMETER repeat_penalty {defaults.repetition_penalty}\n" in MODELFILE
    weights = after("--hf-repo", SERVERS["llamacpp"]["command"])
    assert f"\nFROM hf.co/{weights}\n" in MODELFILE


@pytest.mark.parametrize("title", sorted(RECIPES))
def test_a_recipe_has_only_variables_that_there_are(title: str, tmp_path: Path) -> None:
    told = variables(RECIPES[title])
    assert set(told) <= set(KNOWN)
    load_settings(told, tmp_path / "none", tmp_path)
    assert "MODEL_URL" in told or "HF_TOKEN" in told


@pytest.mark.parametrize(
    ("profile", "option", "answers"),
    [
        ("vllm", "--max-model-len", 1),
        ("sglang", "--context-length", 1),
        ("tgi", "--max-total-tokens", 1),
        ("llamacpp", "--ctx-size", 2),
    ],
)
def test_the_bot_asks_for_no_more_context_than_there_is(profile: str, option: str, answers: int) -> None:
    [command] = arguments(BY_PROFILE[profile])
    told = variables(BY_PROFILE[profile])
    assert int(after(option, command)) == answers * int(told["MODEL_CONTEXT_TOKENS"])
    if "--parallel" in command:
        assert after("--parallel", command) == told["MODEL_CONCURRENCY"] == str(answers)


def test_ollama_has_the_context_and_the_places_that_the_bot_asks_for() -> None:
    told, environment = variables(BY_PROFILE["ollama"]), SERVERS["ollama"]["environment"]
    assert environment["OLLAMA_CONTEXT_LENGTH"] == told["MODEL_CONTEXT_TOKENS"]
    assert environment["OLLAMA_NUM_PARALLEL"] == told["MODEL_CONCURRENCY"]


def test_the_table_has_every_recipe_and_every_profile() -> None:
    listed = re.findall(r"^\| \[(.+?)\]\(#(.+?)\) \|", DOCS, re.MULTILINE)
    assert {title for title, _ in listed} == set(RECIPES)
    for title, anchor in listed:
        assert anchor == re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
    assert set(PROFILE_OF.values()) == PROFILES


def test_the_versions_that_were_tried_are_the_ones_that_are_tested() -> None:
    pinned = (ROOT / "tests/models/requirements.txt").read_text()
    tried = re.findall(r"(llama-cpp-python|transformers) (\d+\.\d+\.\d+)", DOCS)
    assert len(tried) == 2
    for package, version in tried:
        assert re.search(rf"^{package}\[\w+\]=={re.escape(version)}$", pinned, re.MULTILINE)


def test_the_list_of_several_models_is_one_that_the_bot_takes(tmp_path: Path) -> None:
    section = SECTIONS["Several models"]
    settings = load_settings({"MODELS": block(section, "json")}, tmp_path / "none", tmp_path)
    assert [entry.name for entry in settings.models] == ["mixtral", "small"]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(ModelEntry.model_fields)
    needed = set(re.findall(r"^\| `(\w+)` \| yes \|", section, re.MULTILINE))
    assert needed == {name for name, field in ModelEntry.model_fields.items() if field.is_required()}
