"""How `.env` changes."""

from pathlib import Path

import pytest

from adapters.configuration import OWN, load_settings
from adapters.configuration.settings import generation_defaults
from adapters.operator.setup.env_file import HEAD, Unwritable, read, write

OLD = """\
# mine
export DISCORD_TOKEN="0ld-t0ken"  # from Ada

MODEL_URL=http://ada:s3cret@old:8000
LATER=something of another program
model_url=http://older:8000
BOT_SYSTEM_PROMPT="two
lines"
"""


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    file = tmp_path / ".env"
    file.write_text(OLD)
    return file


def test_lines_that_are_not_asked_about_stay_to_the_letter(env_file: Path) -> None:
    changes = {"DISCORD_TOKEN": "n3w", "MODEL_URL": "", "HF_TOKEN": "hf_n3w", "SLACK_APP_TOKEN": ""}
    assert read(env_file).changed(changes) == (
        "# mine\nDISCORD_TOKEN=n3w\n\nLATER=something of another program\n"
        'BOT_SYSTEM_PROMPT="two\nlines"\nHF_TOKEN=hf_n3w\n'
    )


def test_a_variable_that_stands_twice_stands_once_afterwards(env_file: Path) -> None:
    text = read(env_file).changed({"MODEL_URL": "http://new:8000"})
    assert text.count("http://") == 1
    assert text.index("MODEL_URL=http://new:8000\n") < text.index("LATER=")


def test_a_last_line_without_an_end_gets_one(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("LOG_LEVEL=DEBUG")
    assert read(file).changed({"HF_TOKEN": "hf"}) == "LOG_LEVEL=DEBUG\nHF_TOKEN=hf\n"


def test_a_new_file_says_what_it_is(tmp_path: Path) -> None:
    assert read(tmp_path / ".env").changed({"HF_TOKEN": "hf", "MODEL_URL": ""}) == f"{HEAD}HF_TOKEN=hf\n"


@pytest.mark.parametrize("value", ["it's", "back\\slash", "a # b", 'q"uote', "http://x/?a=1&b=$C"])
def test_a_value_is_read_as_it_was_given(tmp_path: Path, value: str) -> None:
    file = tmp_path / ".env"
    write(file, read(file).changed({"BOT_SYSTEM_PROMPT": value}))
    settings = load_settings({}, file, tmp_path / "none")
    assert generation_defaults(settings, "mixtral").system_prompt == value


def test_what_changes_is_said_without_a_secret(env_file: Path) -> None:
    changes = {
        "DISCORD_TOKEN": "n3w",
        "MODEL_URL": "http://eve:s3cret@new:8000",
        "HF_TOKEN": "hf_n3w",
        "SLACK_APP_TOKEN": "",
    }
    said = read(env_file).difference(changes, OWN)
    assert said == [
        "DISCORD_TOKEN: a text of 3 letters, in place of a text of 9 letters",
        "MODEL_URL: http://…@new:8000, in place of http://older:8000",
        "HF_TOKEN: a text of 6 letters",
    ]
    assert read(env_file).difference({"DISCORD_TOKEN": "0ld-t0ken"}, OWN) == []
    assert read(env_file).difference({"DISCORD_TOKEN": ""}, OWN) == ["DISCORD_TOKEN is taken out"]


def test_only_its_owner_can_read_it_and_a_link_stays_one(env_file: Path) -> None:
    env_file.chmod(0o644)
    link = env_file.parent / "link"
    link.symlink_to(env_file)
    write(link, "HF_TOKEN=hf\n")
    assert link.is_symlink()
    assert env_file.read_text() == "HF_TOKEN=hf\n"
    assert env_file.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in env_file.parent.iterdir()} == {".env", "link"}


def test_a_folder_that_cannot_be_written_to_is_said_before_anything_is_asked() -> None:
    with pytest.raises(
        Unwritable, match=r"/proc/\.env can't be written \(.+\): go to a folder that is yours"
    ):
        read(Path("/proc/.env"))
