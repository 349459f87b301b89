"""The configuration: where values come from, and what is said of wrong ones."""

from pathlib import Path

import pytest

from adapters.environment import ConfigurationError, Settings, load_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def load(folder: Path, env_file: str = "", **environ: str) -> Settings:
    if env_file:
        (folder / ".env").write_text(env_file)
    return load_settings(environ, folder / ".env", folder / "secrets")


def complaint(folder: Path, env_file: str = "", **environ: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load(folder, env_file, **environ)
    return str(refused.value)


def test_without_anything_the_defaults_hold(folder: Path) -> None:
    settings = load(folder)
    assert (settings.bot_temperature, settings.bot_seed, settings.model_concurrency) == (0.9, 42, 20)
    assert settings.discord_token is None


def test_the_environment_goes_before_the_file_and_that_before_secret_files(folder: Path) -> None:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "hf_token").write_text("hf_secret\n")
    (folder / "secrets" / "model_id").write_text("from/a-secret-file")
    settings = load(folder, "BOT_SEED=7\nMODEL_ID=from/the-file", BOT_SEED="random")
    assert settings.bot_seed is None
    assert settings.model_id == "from/the-file"
    assert settings.hf_token is not None
    assert settings.hf_token.get_secret_value() == "hf_secret"


def test_lists_of_ids_have_commas(folder: Path) -> None:
    assert load(folder, BOT_ADMINS="1, 2,").bot_admins == {"1", "2"}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BOT_TEMPERATURE", "9", "from 0 to 2"),
        ("BOT_MAX_NEW_TOKENS", "1.5", "whole number from 1 to 4096"),
        ("MODEL_API", "soap", "auto, chat or text"),
        ("MODEL_URL", "localhost:8000", "http://localhost:8000"),
        ("BOT_USER_QUOTA", "often", "60/hour"),
        ("DISCORD_THREADS", "maybe", "true or false"),
        ("HTTP_PORT", "80000", "from 0 to 65535"),
        ("DISCORD_TOKEN", "Bot abc", "without blanks"),
    ],
)
def test_a_wrong_value_is_told_with_its_variable_and_shape_on_one_line(
    folder: Path, name: str, value: str, words: str
) -> None:
    told = complaint(folder, **{name: value})
    assert told.startswith(name)
    assert words in told
    assert "\n" not in told


def test_a_secret_is_never_repeated(folder: Path) -> None:
    assert "s3cr3t" not in complaint(folder, DISCORD_TOKEN="s3cr3t with blanks", REDIS_URL="http://:s3cr3t@x")


def test_a_misspelt_name_is_told_with_its_neighbour(folder: Path) -> None:
    assert "DISCORD_TOKEN" in complaint(folder, DISCORD_TOKN="x")
    assert "BOT_TEMPERATURE" in complaint(folder, "BOT_TEMPRATURE=1")


def test_names_of_other_programs_are_left_alone(folder: Path) -> None:
    load(folder, HTTP_PROXY="http://proxy", REDIS_SERVICE_HOST="10.0.0.1", LOG_DIR="/tmp")


def test_what_is_not_in_this_version_is_not_ignored(folder: Path) -> None:
    assert "not in this version" in complaint(folder, SLACK_BOT_TOKEN="x")


def test_everything_that_is_wrong_is_told_at_once(folder: Path) -> None:
    assert len(complaint(folder, BOT_SEED="x", BOT_TOP_P="7", MODEL_APY="chat").splitlines()) == 3


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / ".env").write_bytes(b"\xff\xfe\x00")
    assert ".env" in complaint(folder)
