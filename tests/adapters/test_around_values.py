"""What gets around a value on its way, and what Kubernetes puts into every environment."""

from pathlib import Path

import pytest

from adapters.configuration import ConfigurationError, Settings, load_settings
from tests.servers.kubernetes import service

TYPED = {
    "DISCORD_TOKEN": "s3cret",
    "SLACK_CLIENT_ID": "123.456",
    "SLACK_CLIENT_SECRET": "s3cret",
    "SLACK_SIGNING_SECRET": "s3cret",
    "REDIS_URL": "redis://localhost",
    "MODEL_URL": "http://localhost:8000",
    "MODELS": '[{"name": "mixtral", "id": "mixtral"}]',
    "MODEL_CONTEXT_TOKENS": "8192",
    "BOT_TEMPERATURE": "0.5",
    "BOT_SEED": "random",
    "BOT_SYSTEM_PROMPT": "Be brief.",
    "BOT_ADMINS": "1, 2",
    "BOT_USER_QUOTA": "5/minute",
    "BOT_PRIVATE_SESSIONS": "false",
    "BOT_CHANNEL_SETTINGS": "everyone",
    "DATA_DIR": "~/kept",
    "HTTP_HOST": "0.0.0.0",
    "HTTP_PORT": "8081",
    "LOG_LEVEL": "debug",
}
"""A value of each type that there is."""


def loaded(folder: Path, **environ: str) -> Settings:
    return load_settings(environ, folder / ".env", folder / "secrets")


@pytest.mark.parametrize("around", ["{}\r", " {} ", '"{}"', "'{}'", "\ufeff{}", '"{}"\r', "' {} '", "{}\n"])
def test_what_gets_around_a_value_is_taken_away_whatever_its_type(tmp_path: Path, around: str) -> None:
    expected = loaded(tmp_path, **TYPED)
    models = TYPED["MODELS"].replace('"', '\\"') if '"{}"' in around else TYPED["MODELS"]
    wrapped = {name: around.format(value) for name, value in (TYPED | {"MODELS": models}).items()}
    assert loaded(tmp_path, **wrapped) == expected
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for name, value in wrapped.items():
        (secrets / name.lower()).write_text(value, encoding="utf-8", newline="")
    assert loaded(tmp_path) == expected


@pytest.mark.parametrize("value", ["\r", '""', "''", '" "', "\ufeff", '""\r'])
def test_a_value_of_which_nothing_is_left_is_none(tmp_path: Path, value: str) -> None:
    assert loaded(tmp_path, **dict.fromkeys(TYPED, value)) == loaded(tmp_path)


def test_quotes_that_do_not_belong_together_stay(tmp_path: Path) -> None:
    for prompt in ('Say "yes" or "no"', '"yes" or "no"', "It's"):
        assert getattr(loaded(tmp_path, BOT_SYSTEM_PROMPT=prompt), "bot_system_prompt") == prompt  # noqa: B009


def test_a_byte_order_mark_before_a_file_of_windows_is_no_part_of_its_first_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes('\ufeffLOG_LEVEL=debug\r\nBOT_ADMINS="1"\r\n'.encode())
    settings = loaded(tmp_path)
    assert (settings.log_level, settings.bot_admins) == ("DEBUG", frozenset({"1"}))
    assert loaded(tmp_path, **{"\ufeffLOG_LEVEL": "error"}).log_level == "ERROR"


@pytest.mark.parametrize(
    "name", ["WEB", "HTTP", "BOT", "MODEL", "MODELS", "SLACK_BOT", "DISCORD", "REDIS", "LOG", "HF", "DATA"]
)
@pytest.mark.parametrize("protocol", ["tcp", "udp", "sctp"])
def test_what_kubernetes_says_of_a_service_is_no_configuration(
    tmp_path: Path, name: str, protocol: str
) -> None:
    assert loaded(tmp_path, **service(name, 8000, protocol)) == loaded(tmp_path)


def test_a_port_of_ours_counts_beside_a_service_of_that_name(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HTTP_PORT=8081\n")
    assert loaded(tmp_path, **service("HTTP", 80)).http_port == 8081


@pytest.mark.parametrize("name", ["MODELS", "WEB_USERS", "MODEL_HEADERS"])
def test_what_nests_without_end_is_refused_in_words(name: str) -> None:
    deep = '{"a":' * 100_000 if name == "MODEL_HEADERS" else "[" * 100_000
    with pytest.raises(ConfigurationError, match=name):
        load_settings({"DISCORD_TOKEN": "a-token", name: deep})
