"""The configuration: what is read, from where, and what is said when it is wrong."""

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.configuration import ConfigurationError, load_settings, of_libraries
from adapters.stores.redis.sealing import read_keys
from adapters.variables import shown
from bot.conversation.settings import RANGES

KEY = base64.b64encode(bytes(range(224, 256))).decode()


class Place:
    """A directory with a `.env` and a folder of secret files."""

    def __init__(self, folder: Path) -> None:
        self.env_file = folder / ".env"
        self.secrets = folder / "secrets"

    def load(self, **environ: str) -> Any:  # its fields depend on the platforms
        return load_settings(environ, self.env_file, self.secrets)

    def secret(self, name: str, value: str) -> None:
        self.secrets.mkdir(exist_ok=True)
        (self.secrets / name).write_text(value)

    def complaints(self, **environ: str) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            self.load(**environ)
        return str(caught.value).splitlines()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_nothing_has_to_be_set(place: Place) -> None:
    settings = place.load()
    assert settings.discord_token is None
    assert settings.model_id == "mistralai/Mixtral-8x7B-Instruct-v0.1"
    assert (settings.bot_temperature, settings.bot_max_new_tokens, settings.bot_seed) == (0.9, 256, 42)
    assert (settings.http_host, settings.http_port, settings.data_dir) == (
        "127.0.0.1",
        8080,
        Path(".mixtral-bot"),
    )


def test_the_environment_goes_before_the_file_and_that_before_secret_files(place: Place) -> None:
    for name in ("bot_temperature", "BOT_TOP_P", "bot_seed"):
        place.secret(name, "1")
    place.env_file.write_text("BOT_TEMPERATURE=0.5\nBOT_TOP_P=0.5\n")
    settings = place.load(BOT_TEMPERATURE="0.3")
    assert (settings.bot_temperature, settings.bot_top_p, settings.bot_seed) == (0.3, 0.5, 1)


def test_the_credentials_of_a_systemd_unit_are_secret_files(tmp_path: Path) -> None:
    (tmp_path / "HF_TOKEN").write_text("a-token\n")
    (tmp_path / "MODEL_API_KEY").write_text("\n")  # as the unit has it where no file is
    settings = load_settings({"CREDENTIALS_DIRECTORY": str(tmp_path)}, tmp_path / "none")
    assert settings.hf_token == SecretStr("a-token")
    assert settings.model_api_key is None


def test_an_empty_value_is_none(place: Place) -> None:
    place.env_file.write_text("DISCORD_TOKEN=from-the-file\nBOT_TEMPERATURE=\n")
    settings = place.load(DISCORD_TOKEN="", BOT_TOP_P=" ")
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "from-the-file"
    assert (settings.bot_temperature, settings.bot_top_p) == (0.9, 0.9)


@pytest.mark.parametrize("text", ["s3cret\n", "  s3cret  ", "\ts3cret\r\n"])
def test_blanks_around_a_token_are_taken_away(place: Place, text: str) -> None:
    place.secret("hf_token", text)
    settings = place.load(DISCORD_TOKEN=text)
    assert settings.discord_token is not None
    assert settings.hf_token is not None
    assert settings.discord_token.get_secret_value() == settings.hf_token.get_secret_value() == "s3cret"


@pytest.mark.parametrize("value", ["Bot s3cret", 's3"cret', "s3crét", "s3\u200bcret"])
def test_what_is_no_token_is_refused_without_being_shown(place: Place, value: str) -> None:
    [line] = place.complaints(DISCORD_TOKEN=value)
    assert line.startswith(f"DISCORD_TOKEN is a text of {len(value)} letters")
    assert "must be the token alone" in line
    assert "s3" not in line


def test_secrets_are_never_printed(place: Place) -> None:
    url = "redis://:hunter2@localhost"
    settings = place.load(DISCORD_TOKEN="hunter2", HF_TOKEN="hunter2", REDIS_URL=url)
    assert "hunter2" not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    lines = place.complaints(REDIS_URL="hunter2", BOT_SEED="hunter2", MODEL_URL="http://a:hunter2 @b")
    assert len(lines) == 3
    assert "hunter2" not in "".join(lines)


def test_a_secret_of_digits_is_not_shown_either(place: Place) -> None:
    assert place.complaints(REDIS_URL="123456") == [
        "REDIS_URL is a text of 6 letters; it must be a URL that begins with redis://, rediss://, unix://, "
        "redis+sentinel:// or redis+cluster://."
    ]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("REDIS_URL", "redis://localhost:six"),
        ("REDIS_URL", "redis://localhost:99999"),
        ("MODEL_URL", "http://localhost:80000"),
        ("MODEL_URL", "http://[::1"),
        ("SLACK_API_URL", "http://localhost:port/api/"),
        ("DISCORD_API_URL", "http://localhost:port/api/v10"),
        ("DISCORD_GATEWAY_URL", "ws://localhost:port"),
    ],
)
def test_an_address_that_can_be_none_is_refused(place: Place, name: str, url: str) -> None:
    [line] = place.complaints(**{name: url})
    assert line.startswith(f"{name} is a text of {len(url)} letters; it must be a URL")


@pytest.mark.parametrize("name", RANGES)
def test_the_defaults_have_the_ranges_of_the_commands(place: Place, name: str) -> None:
    allowed, variable = RANGES[name], f"BOT_{name.upper()}"
    for inside in (allowed.low, allowed.high):
        assert (
            getattr(
                place.load(**{variable: f"{inside:.0f}" if allowed.whole else str(inside)}), f"bot_{name}"
            )
            == inside
        )
    for outside in (allowed.low - 1, allowed.high + 1):
        [line] = place.complaints(**{variable: str(outside)})
        assert line.startswith(f"{variable} is the number ")


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("BOT_TEMPERATURE", "9", "BOT_TEMPERATURE is the number 9; it must be a number from 0 to 2."),
        ("BOT_TOP_P", "nan", "BOT_TOP_P is the number nan; it must be a number from 0.05 to 1."),
        (
            "BOT_MAX_NEW_TOKENS",
            "2.5",
            "BOT_MAX_NEW_TOKENS is the number 2.5; it must be a whole number from 1 to 4096.",
        ),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is a text of 4 letters; it must be DEBUG, INFO, WARNING or ERROR."),
        (
            "DISCORD_THREADS",
            "on and on",
            "DISCORD_THREADS is a text of 9 letters with blanks in it; it must be true or false.",
        ),
        (
            "BOT_USER_QUOTA",
            "many",
            "BOT_USER_QUOTA is a text of 4 letters; it must be questions in a time, as 60/hour or 5/minute.",
        ),
        (
            "DISCORD_API_URL",
            "http://localhost:1",
            "DISCORD_API_URL is a text of 18 letters; it must be a URL that ends in /api/v10.",
        ),
        (
            "DISCORD_SHARD_COUNT",
            "-1",
            "DISCORD_SHARD_COUNT is the number -1; it must be a whole number from 1 to 16384, or 0 for "
            "Discord's.",
        ),
        (
            "DISCORD_SHARD_IDS",
            "0-3,7-5",
            "DISCORD_SHARD_IDS: element 2 ends before it begins. It must be numbers of shards with commas "
            "between them, as 0-3,7.",
        ),
    ],
)
def test_a_wrong_value_is_said_on_one_line_with_its_remedy(
    place: Place, name: str, value: str, line: str
) -> None:
    assert place.complaints(**{name: value}) == [line]


@pytest.mark.parametrize("value", ["0/hour", "sixty/hour", "60/fortnight"])
def test_a_quota_that_lets_nobody_ask_is_refused(place: Place, value: str) -> None:
    [line] = place.complaints(BOT_USER_QUOTA=value)
    assert line.startswith("BOT_USER_QUOTA is a text of ")


def test_everything_that_is_wrong_is_said_at_once(place: Place) -> None:
    place.env_file.write_text("BOT_TEMPRATURE=1\nHTTP_PORT=99999\n")
    lines = place.complaints(BOT_SEED="x")
    assert lines == [
        f"{place.env_file}: BOT_TEMPRATURE is not a variable of the bot: did you mean BOT_TEMPERATURE?",
        "BOT_SEED is a text of 1 letter; it must be a whole number from 0 to 2147483647 or random.",
        "HTTP_PORT is the number 99999; it must be a whole number from 0 to 65535.",
    ]


@pytest.mark.parametrize(
    ("name", "neighbour"),
    [
        ("DISCRD_TOKEN", "DISCORD_TOKEN"),
        ("DISCORD_TOKN", "DISCORD_TOKEN"),
        ("BOT_TEMPRATURE", "BOT_TEMPERATURE"),
        ("MODEL_NAME", "MODEL_ID"),
        ("HTTP_PORTS", "HTTP_PORT"),
        ("REDIS_URI", "REDIS_URL"),
        ("HF_TOKENS", "HF_TOKEN"),
    ],
)
def test_a_misspelt_name_says_its_neighbour_wherever_it_stands(
    place: Place, name: str, neighbour: str
) -> None:
    [line] = place.complaints(**{name: "1"})
    assert line.startswith(f"{name} is not a variable of the bot: did you mean ")
    assert name == "MODEL_NAME" or neighbour in line
    place.env_file.write_text(f"{name}=1\n")
    [line] = place.complaints()
    assert line.startswith(f"{place.env_file}: {name} is not a variable of the bot: did you mean ")


@pytest.mark.parametrize(
    "name",
    [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PORT",
        "REDIS_HOST",
        "REDIS_PORT_6379_TCP_ADDR",
        "BOT_SERVICE_HOST",
        "BOT_SERVICE_PORT_HTTP",
        "LOG_DIR",
        "LOGLEVEL",
        "DATA_HOME",
        "WEB_CONCURRENCY",
        "HF_HOME",
        "HF_TOKEN_PATH",
        "GH_TOKEN",
    ],
)
def test_other_programs_variables_are_let_be(place: Place, name: str) -> None:
    assert place.load(**{name: "1"}) == place.load()


def test_in_the_file_a_common_beginning_is_ours_too(place: Place) -> None:
    place.env_file.write_text("REDIS_HOST=localhost\nCOMPOSE_PROJECT_NAME=x\nHTTP_PROXY=http://proxy\n")
    assert place.complaints() == [
        f"{place.env_file}: REDIS_HOST is not a variable of the bot: did you mean REDIS_URL?"
    ]


@pytest.mark.parametrize("listed", ["#", "c2hvcnQ=", ",", f"{KEY},short", f"{KEY}=", "lost:0a1b2c3d"])
def test_what_is_no_key_is_refused_without_being_shown(place: Place, listed: str) -> None:
    [line] = place.complaints(ENCRYPTION_KEYS=listed)
    assert re.match(r"ENCRYPTION_KEYS(: element [12] is no |: there is nothing | is a text of )", line)
    assert "openssl rand -base64 32" in line
    assert listed not in line or listed == ","


def test_the_key_of_pseudonyms_is_no_word_that_is_found_by_trying(place: Place) -> None:
    [line] = place.complaints(BOT_ID_KEY="correct horse")
    assert "it must be a text of at least 32 letters" in line
    assert "horse" not in line
    assert shown(place.load(BOT_ID_KEY=f"{KEY}\n").bot_id_key) == KEY


@pytest.mark.parametrize(
    "listed", [KEY, f" {KEY} , {KEY.replace('+', '-').replace('/', '_')}", f"{KEY},lost:0a1b2c3d"]
)
def test_keys_are_32_bytes_in_base64(place: Place, listed: str) -> None:
    keys = read_keys(shown(place.load(ENCRYPTION_KEYS=listed).encryption_keys))
    assert [key.secret for key in keys.keys] == [base64.b64decode(KEY)]


def test_lists_are_ids_with_commas(place: Place) -> None:
    settings = place.load(BOT_ADMINS=" 1, 2,,3 ,")
    assert settings.bot_admins == frozenset({"1", "2", "3"})
    assert settings.bot_allowed_users == frozenset()
    assert "ids with commas" in place.complaints(BOT_BLOCKED_USERS="<@1>")[0]


def test_the_seed_may_be_random(place: Place) -> None:
    assert place.load(BOT_SEED="Random").bot_seed is None


def test_small_letters_will_do_for_names_and_levels(place: Place) -> None:
    assert place.load(log_level="debug").log_level == "DEBUG"


def test_the_settings_stay_as_they_are(place: Place) -> None:
    with pytest.raises(ValueError, match="frozen"):
        place.load().bot_top_p = 0.1


def test_a_home_directory_is_found(place: Place) -> None:
    assert place.load(DATA_DIR="~/bot").data_dir == Path.home() / "bot"


def test_an_env_file_that_is_a_folder_is_said_in_words(place: Place) -> None:
    place.env_file.mkdir()
    [line] = place.complaints()
    assert line.startswith(f"{place.env_file} can't be read (Is a directory): ")


def test_an_env_file_that_is_not_text_is_said_in_words(place: Place) -> None:
    place.env_file.write_bytes(b"BOT_SYSTEM_PROMPT=\xff\xfe\n")
    assert place.complaints() == [f"{place.env_file} is not text in UTF-8: save it again as UTF-8."]


def test_a_line_that_sets_nothing_is_not_passed_over(place: Place) -> None:
    place.env_file.write_text("# ours\nDISCORD TOKEN=1\n")
    assert place.complaints() == [f"{place.env_file}: line 2 can't be read: write NAME=value."]


def test_a_secret_file_that_is_a_folder_is_said_in_words(place: Place) -> None:
    place.secrets.mkdir()
    (place.secrets / "hf_token").mkdir()
    [line] = place.complaints()
    assert str(place.secrets / "hf_token") in line


def test_a_secret_file_that_leads_nowhere_is_said_in_words(place: Place) -> None:
    place.secret("discord_token", "s3cret")
    (place.secrets / "hf_token").symlink_to("gone")
    [line] = place.complaints()
    assert str(place.secrets / "hf_token") in line


def test_a_secret_file_that_is_not_text_is_said_in_words(place: Place) -> None:
    place.secrets.mkdir()
    (place.secrets / "hf_token").write_bytes(b"\xff\xfe")
    assert place.complaints() == [f"a secret file under {place.secrets} is not text in UTF-8."]


def test_what_libraries_read_from_the_environment_may_stand_in_the_file(place: Place) -> None:
    place.env_file.write_text("OTEL_SERVICE_NAME=ours\nHTTPS_PROXY=http://p:1\nNO_PROXY=a\nBOT_ADMINS=1\n")
    known = {"NO_PROXY": "b"}
    assert of_libraries(place.env_file, known) == {
        "OTEL_SERVICE_NAME": "ours",
        "HTTPS_PROXY": "http://p:1",
    }
