"""What is deployed agrees with the program: containers, the manifest, `.env.example`, the README's table."""

import json
import re
import subprocess
import tomllib
from itertools import chain, pairwise
from pathlib import Path

import pytest
import yaml

from adapters.configuration import KNOWN, OWN, Settings, load_settings
from adapters.configuration.tables import configuration_table, env_example
from adapters.platforms.slack.manifest import manifest
from adapters.variables import form_in

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
BOT, REDIS = COMPOSE["services"]["bot"], COMPOSE["services"]["redis"]


def docker_environment() -> dict[str, str]:
    block = re.search(r"^ENV PATH=\S+ \\\n((?:.*\\\n)*.*)", DOCKERFILE.rpartition("\nFROM")[2], re.MULTILINE)
    assert block is not None
    return dict(re.findall(r"(\w+)=(\S+)", block.group(1)))


def test_the_example_is_made_from_the_settings() -> None:
    assert (ROOT / ".env.example").read_text() == env_example()


def test_the_example_can_be_used_as_it_is_and_with_every_line_taken_in(tmp_path: Path) -> None:
    used = tmp_path / ".env"
    used.write_text(env_example())
    assert load_settings({}, used, tmp_path) == load_settings({}, tmp_path / "none", tmp_path)
    used.write_text(re.sub(r"^# ([A-Z_]+=)", r"\1", env_example(), flags=re.MULTILINE))
    assert "\nBOT_TEMPERATURE=0.9\n" in used.read_text()
    assert load_settings({}, used, tmp_path) == load_settings({}, tmp_path / "none", tmp_path)


def test_the_tables_have_a_row_for_every_variable_and_ten_of_them_first() -> None:
    first, *folded = configuration_table().split("<details>")
    rows = [re.findall(r"^\| `(\w+)` \|.*\| .+ \|$", table, re.MULTILINE) for table in (first, *folded)]
    assert sorted(chain.from_iterable(rows)) == sorted(KNOWN)
    assert len(rows[0]) == 10
    assert all(rows)


def test_the_readme_has_the_tables_as_they_are_made() -> None:
    readme = (ROOT / "README.md").read_text()
    assert f"<!-- configuration -->\n{configuration_table()}<!-- end of it -->\n" in readme


def test_the_tables_show_an_example_of_what_has_several_parts() -> None:
    for name in ("MODELS", "MODEL_HEADERS", "WEB_USERS", "WEB_PROXIES", "BOT_ADMINS", "DISCORD_SHARD_IDS"):
        [row] = re.findall(rf"^\| `{name}` \|.*", configuration_table(), re.MULTILINE)
        assert f"Example: `{form_in(OWN, name).example}`" in row


def test_compose_sets_only_variables_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "WEB_PASSWORD").write_text("a-password")  # as a file of deploy/secrets
    settings = load_settings(BOT["environment"], tmp_path / "none", tmp_path)
    assert set(BOT["environment"]) <= set(KNOWN)
    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == "redis://redis:6379/0"


def test_the_image_sets_only_variables_that_there_are(tmp_path: Path) -> None:
    ours = {name: value for name, value in docker_environment().items() if not name.startswith("PYTHON")}
    settings = load_settings(ours, tmp_path / "none", tmp_path)
    assert set(ours) <= set(KNOWN)
    assert (settings.http_host, str(settings.data_dir)) == ("0.0.0.0", "/data")


def test_the_image_runs_as_a_user_of_its_own() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM")[2]
    users = re.findall(r"^USER (\S+)", last_stage, re.MULTILINE)
    assert users
    assert users[-1] not in {"root", "0"}
    assert last_stage.index("\nUSER") < last_stage.index("\nENTRYPOINT")


def test_the_image_is_made_of_full_versions_and_needs_no_shell_to_run() -> None:
    bases = re.findall(r"^FROM \S+?:(\S+)", DOCKERFILE, re.MULTILINE)
    assert bases
    assert all(re.fullmatch(r"\d+\.\d+\.\d+-slim-\w+", base) for base in bases)
    last_stage = DOCKERFILE.rpartition("\nFROM")[2]
    for command in re.findall(r"^(?:ENTRYPOINT|CMD|HEALTHCHECK .*? CMD) (.*)", last_stage, re.MULTILINE):
        assert isinstance(json.loads(command), list)


def test_the_image_installs_nothing_without_its_hash() -> None:
    installs = re.findall(r"python install\s+(.*)", DOCKERFILE.replace("\\\n", ""))
    assert len(installs) == 2
    assert all("--require-hashes" in line or "--no-deps --no-build-isolation" in line for line in installs)


def test_of_the_languages_that_babel_knows_those_that_the_bot_speaks_are_kept(tmp_path: Path) -> None:
    known = tmp_path / "lib/python3.11/site-packages/babel/locale-data"
    known.mkdir(parents=True)
    for name in ("root", "en", "en_GB", "es_MX", "fr", "de", "de_AT", "ens"):
        (known / f"{name}.dat").touch()
    subprocess.run(["sh", "deploy/image/languages.sh", tmp_path], cwd=ROOT, check=True)
    assert {file.stem for file in known.iterdir()} == {"root", "en", "en_GB", "es_MX", "fr"}


def locked(name: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_image_without_the_page_is_made_of_the_same_packages() -> None:
    page, chat = locked("requirements.lock"), locked("requirements-chat.lock")
    assert chat < page
    missing = {package.partition("==")[0] for package in page - chat}
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert missing.isdisjoint(re.match(r"[\w.-]+", need).group() for need in needed)  # type: ignore[union-attr]
    assert "uvicorn" in missing


def test_the_image_holds_every_file_that_it_copies() -> None:
    allowed = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
        for name in line.split()
    }
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_health_check_asks_for_a_route_that_there_is() -> None:
    assert re.search(r"^HEALTHCHECK .*'/healthz'", DOCKERFILE, re.MULTILINE)


def test_containers_wait_longer_than_answers_may_take_to_end() -> None:
    assert int(BOT["stop_grace_period"].removesuffix("s")) > Settings.model_fields["shutdown_seconds"].default


def test_redis_keeps_what_it_was_told_and_is_out_of_reach() -> None:
    told = dict(pairwise(REDIS["command"]))
    assert (told["--appendonly"], told["--maxmemory-policy"]) == ("yes", "noeviction")
    assert any(volume.endswith(":/data") for volume in REDIS["volumes"])
    assert "ports" not in REDIS
    assert all(COMPOSE["networks"][network]["internal"] for network in REDIS["networks"])


def test_the_page_can_be_reached_from_this_machine_and_from_no_other_unless_somebody_says_so() -> None:
    assert BOT["environment"]["WEB_HOST"] == "0.0.0.0"
    assert BOT["ports"] == [f"${{WEB_PUBLISH:-127.0.0.1:7860}}:{BOT['environment']['WEB_PORT']}"]


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_what_compose_starts_has_its_limits(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["mem_limit"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert "build" in service or re.search(r":v?\d+\.\d+\.\d+", service["image"])


def test_what_compose_mounts_from_here_is_here() -> None:
    made = {"secrets"}  # by whoever puts secrets there
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            here = source.removeprefix("./")
            assert source in COMPOSE["volumes"] or here in made or (ROOT / "deploy" / here).exists()


def test_the_slack_manifest_is_the_one_that_the_program_prints() -> None:
    kept = (ROOT / "deploy/slack-manifest.yaml").read_text()
    assert kept == yaml.safe_dump(manifest("socket"), sort_keys=False)
