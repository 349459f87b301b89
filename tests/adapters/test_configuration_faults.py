"""What is said of a value of several parts that is wrong: once, which part, what it may be, an example."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from adapters.configuration import OWN, ConfigurationError, load_settings
from adapters.configuration.models import ModelEntry
from adapters.platforms.web.variables import HASHED
from adapters.variables import form_in

TINY = {"name": "tiny", "id": "a/b"}

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

IDS = [name.upper() for name in OWN.model_fields if form_in(OWN, name).words.startswith("ids with")]

MISTAKES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "MODELS": (
        ('[{"x": 1}]', "element 1: name is missing, id is missing, x is unknown."),
        (
            json.dumps([TINY, {"name": "a", "id": "c/d", "ulr": "http://a", "context": 12}]),
            "element 2: context is the number 12 and must be a whole number from 1024 to 1048576, "
            "ulr is unknown (did you mean url?)",
        ),
        (json.dumps([TINY, TINY]), "elements 1 and 2 have the same name"),
        (json.dumps([{**TINY, "api": "grpc"}]), "element 1: api is a text of 4 letters and must be auto"),
        (json.dumps([{**TINY, "fallback": []}]), "element 1: fallback is a list and must be true or"),
        (json.dumps([{**TINY, "s3cret s3cret": 1}]), "a field of 13 letters is unknown"),
        (
            json.dumps([{**TINY, "api_key": "s3cret s3cret"}]),
            "api_key is a text of 13 letters with blanks",
        ),
        (json.dumps([{**TINY, "api_key": 53}]), "api_key is a text of 2 letters and must be the token"),
        (
            json.dumps([{**TINY, "headers": {"A B": "s3cret"}}]),
            "headers: the name of header 1 is none",
        ),
        (json.dumps([TINY, "tiny", 5, None]), "element 2: a text of 4 letters; element 3: the number 5"),
        (json.dumps(TINY), "it is one object: put [ and ] around it"),
        ('[{"name": "a" "id": "b"}]', "it is not JSON from line 1, column 15 on"),
        ("[" * 100_000, "it nests too deep"),
        ("[]", "it is a list with nothing in it"),
        ("tiny", "it begins with no [, and no such file can be read (No such file or directory)"),
        (json.dumps([{}] * 7), "and so on, 7 in all"),
    ),
    "MODEL_HEADERS": (
        ("s3cret", "there is no colon behind the name"),
        ("A B: s3cret", "the name of header 1 is none"),
        ('{"A": "b", "C": 5}', "the value of header 2 is no text: put quotes around it"),
        ('{"A": "s3cr\u00e9t"}', "the value of header 1 has letters in it that no header may have"),
        ('{"A": "s3cret"', "it is not JSON from line 1, column 15 on"),
        ('["A: s3cret"]', "it is no object of names and values"),
        ("{}", "there is no header in it"),
    ),
    "WEB_USERS": (
        ("ada:correct-horse,s3cret", "element 2 is no name:password"),
        ("ada:correct-horse,bob:s3cret", "the password of element 2 is shorter than 8 letters"),
        (f"ada:{HASHED}id$s3cret", "the password of element 1 is half a hash"),
        ("ada:correct-horse,ada:battery-staple", "element 2 has the name of one before it"),
        (":correct-horse", "element 1 has no name"),
        ('{"ada": 12345678}', "element 1 is no name:password"),
        ('{"ada": "correct-horse"', "it is not JSON from line 1, column 24 on"),
        ("{}", "there is nobody in it"),
        (",", "there is nobody in it"),
    ),
    "WEB_PROXIES": (
        ("10.0.0.0/8, proxy", "element 2 is no address and no network"),
        ("10.0.0.7/8", "element 1 is an address within a network: end it in zeros"),
        (",", "there is nothing between its commas"),
    ),
    "DISCORD_SHARD_IDS": (
        ("0-3,7-5", "element 2 ends before it begins"),
        ("0-3,many", "element 2 is no number and no two with - between them"),
        (",", "there is nothing between its commas"),
    ),
    "ENCRYPTION_KEYS": (
        (f"{KEY},s3cret", "element 2 is no key of 32 bytes in base64"),
        (f"{KEY},{KEY[4:]}", "element 2 is no key of 32 bytes in base64"),
        (",", "there is nothing between its commas"),
    ),
    "BOT_PLATFORMS": (("our_irc,our irc", "element 2: a text of 7 letters with blanks in it"),),
    **dict.fromkeys(
        IDS,
        (
            ("8138,s3cret s3cret", "element 2: a text of 13 letters with blanks in it"),
            ('["8138"]', "element 1: a text of 8 letters"),
            (" , ,", "there is nothing between its commas"),
        ),
    ),
}
"""For each variable of several parts: what somebody may write, and what is said of it."""


def mistakes() -> Iterator[tuple[str, str, str]]:
    for name, each in MISTAKES.items():
        for value, said in each:
            yield name, value, said


def complaint(name: str, value: str, folder: Path) -> str:
    with pytest.raises(ConfigurationError) as refused:
        load_settings({name: value, "DISCORD_SHARD_COUNT": "16"}, folder / ".env", folder / "secrets")
    return str(refused.value)


@pytest.mark.parametrize(("name", "value", "said"), list(mistakes()), ids=lambda text: text[:40])
def test_the_wrong_part_is_named_once_with_what_it_must_be(
    name: str, value: str, said: str, tmp_path: Path
) -> None:
    [line] = complaint(name, value, tmp_path).splitlines()
    form = form_in(OWN, name)
    assert said in line
    assert line.startswith(f"{name}: ")
    assert line.endswith(f". It must be {form}.")
    assert line.count(form.words) == 1
    assert "s3cr" not in line


def test_what_is_wrong_in_a_file_of_models_is_said_as_well(tmp_path: Path) -> None:
    file = tmp_path / "models.json"
    file.write_text('[{"name": "tiny"}]')
    assert complaint("MODELS", str(file), tmp_path).startswith("MODELS: element 1: id is missing. It must be")
    file.write_bytes(b"[\xff]")
    assert "the file that it names is not text in UTF-8" in complaint("MODELS", str(file), tmp_path)


def several(annotation: Any) -> bool:
    """Whether a type holds more than one value."""
    origin = get_origin(annotation)
    return origin in (tuple, frozenset, Mapping) or any(several(each) for each in get_args(annotation))


def test_each_variable_of_several_parts_is_among_these() -> None:
    names = {name.upper() for name, field in OWN.model_fields.items() if several(field.annotation)}
    assert len(names) > 8
    assert names | {"DISCORD_SHARD_IDS", "ENCRYPTION_KEYS"} == set(MISTAKES)
    told = {name.upper() for name in OWN.model_fields if form_in(OWN, name).several}
    assert told | {"ENCRYPTION_KEYS"} == set(MISTAKES)


@pytest.mark.parametrize("name", sorted(set(MISTAKES) - {"BOT_PLATFORMS", "ENCRYPTION_KEYS"}))
def test_the_example_is_taken(name: str, tmp_path: Path) -> None:
    environ = {
        name: form_in(OWN, name).example,
        "MODEL_URL": "http://localhost:8000",
        "DISCORD_SHARD_COUNT": "16",
    }
    assert getattr(load_settings(environ, tmp_path / ".env", tmp_path / "secrets"), name.lower())


def test_each_field_of_a_model_says_what_it_must_be() -> None:
    assert all(form_in(ModelEntry, name).words for name in ModelEntry.model_fields)
