"""What the bot says itself: nothing is missing, and times read as people say them."""

import ast
import fnmatch
import re
from pathlib import Path
from string import Formatter

import pytest

import bot
from bot.conversation.settings import RANGES, parse_setting
from bot.languages import amount, languages, speaker
from bot.languages.faults import INSTEAD
from bot.languages.language import Phrase
from bot.languages.settings import limits
from bot.languages.times import duration
from bot.service.admission import Refusal

SOURCES = Path(bot.__file__).parent

THE_SAME = {"web_steps_hub", "home_title", "command_top_p", "web_top_p"}
"""Phrases with a name alone."""

WRITTEN_ALIKE = {"es": {"settings_line"}, "fr": set[str]()}
"""Phrases that have no word in them, by the language that has no marks of its own for them either."""

ENGLISH = (
    "the and you your is are was were of to for with from not it its this that these can could here there "
    "what have had will would or be been my mine in on at by but only one ones other when who whoever "
    "answer answers question questions channel thread message setting settings nothing please again"
)
"""Words of English that are few others' too."""

SHARED = {"es": set[str](), "fr": {"on", "question", "questions", "message"}}
"""Which of them another language has, too."""

NARROWEST = {"form_title": 24, "form_save": 24, "form_cancel": 24, "reason_title": 24, "ask_title": 24} | {
    "reason_label": 45,
    "ask_label": 45,
}
"""Characters where there are fewest: Slack's titles and buttons of a form, Discord's labels of a field."""


def said_in_the_code() -> set[str]:
    """The keys that `say` and `_tell` are called with, and those kept in tables; of one that is put together,
    how it begins, with a `*`."""
    keys = {*INSTEAD.values(), *(refusal.value for refusal in Refusal)}
    for source in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"say", "_tell"}:
                for argument in node.args[:2]:
                    keys |= literals(argument)
    return keys


def literals(node: ast.expr) -> set[str]:
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=one, orelse=other):
            return literals(one) | literals(other)
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
            return {f"{beginning}*"}
    return set()


def texts(phrase: Phrase) -> list[str]:
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


def fields(phrase: Phrase) -> set[str]:
    """The values that a phrase may need; a count need not stand in every plural form."""
    return {name for text in texts(phrase) for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("tag", languages())
def test_every_language_says_everything_with_the_same_values(tag: str) -> None:
    english, language = languages()["en"].phrases, languages()[tag]
    missing = set(english) - set(language.phrases)
    unknown = set(language.phrases) - set(english)
    assert (missing, unknown) == (set(), set())
    for key, phrase in language.phrases.items():
        assert fields(phrase) == fields(english[key]), key
        if not isinstance(phrase, str):
            common = {speaker(tag).data.plural(tag, count) for count in range(200)}
            rare = {speaker(tag).data.plural(tag, count) for count in (1.5, 1_000_000)}
            assert common <= set(phrase) <= common | rare, key


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("count", [0, 1, 2, 21, 1.5])
def test_every_phrase_takes_its_values(tag: str, count: float) -> None:
    say = speaker(tag)
    for key, phrase in languages()[tag].phrases.items():
        values = {name: f"<{name}>" for name in fields(phrase)} | {"count": count}
        said = say(key, **values)
        assert said
        for name in fields(phrase) - {"count"}:
            assert f"<{name}>" in said, key
        assert "{" not in said, key


@pytest.mark.parametrize("tag", languages())
def test_titles_and_labels_fit_where_there_is_least_room(tag: str) -> None:
    say = speaker(tag)
    assert {key: say(key) for key, most in NARROWEST.items() if len(say(key)) > most} == {}


@pytest.mark.parametrize("tag", sorted(set(languages()) - {"en"}))
def test_no_english_is_left_in_another_language(tag: str) -> None:
    english, other = languages()["en"].phrases, languages()[tag].phrases
    same = {key for key, phrase in other.items() if phrase == english[key]}
    assert same == THE_SAME | WRITTEN_ALIKE[tag]
    found = {
        key: words
        for key, phrase in other.items()
        for text in texts(phrase)
        if (words := ({*ENGLISH.split()} - SHARED[tag]) & {*prose(text).lower().split()})
    }
    assert found == {}


def prose(text: str) -> str:
    """What is said, without the words that people type and the places for values."""
    return re.sub(r"[^\w\s]", " ", re.sub(r"`[^`]*`|\{\w+\}|!\w+", " ", text))


def test_words_to_type_are_the_same_in_every_language() -> None:
    english = languages()["en"].phrases
    for language in languages().values():
        for key, phrase in language.phrases.items():
            assert typed(phrase) == typed(english[key]), (language.tag, key)


def typed(phrase: Phrase) -> set[str]:
    """The words with `!` and the options that a phrase names."""
    return {word for text in texts(phrase) for word in re.findall(r"!\w+|--\w+", text)}


def test_languages_say_their_phrases_in_one_order() -> None:
    assert {tuple(language.phrases) for language in languages().values()} == {
        tuple(languages()["en"].phrases)
    }


def test_what_the_code_says_is_in_the_catalogue() -> None:
    phrases = languages()["en"].phrases
    said = said_in_the_code()
    assert len(said) > 50
    assert {key for key in said if not fnmatch.filter(phrases, key)} == set()


def test_a_language_that_is_not_spoken_here_is_answered_in_english() -> None:
    assert speaker("tlh")("hello") == speaker("en-GB")("hello")


@pytest.mark.parametrize(
    ("tag", "language"), [("es-419", "es"), ("es-ES", "es"), ("fr", "fr"), ("fr-FR", "fr"), ("fr-CA", "fr")]
)
def test_a_tag_of_discord_or_slack_speaks_its_language(tag: str, language: str) -> None:
    assert speaker(tag).language.tag == language
    assert speaker(tag)("hello") != speaker("en")("hello")


def test_the_first_language_that_is_spoken_is_spoken() -> None:
    assert speaker("tlh", "es-MX", "en").language.tag == "es"


def test_a_region_has_its_own_numbers_and_dates() -> None:
    assert speaker("es").number(0.3) == "0,3"
    assert speaker("es-MX").number(0.3) == "0.3"
    assert (speaker("en").day(0), speaker("en-GB").day(0)) == ("Jan 1, 1970", "1 Jan 1970")


def test_thousands_stand_apart_where_they_are_read_and_not_where_they_are_typed() -> None:
    say = speaker("en")
    assert "4,096 tokens" in say("length", tokens=4096)
    assert say.number(4096) == "4096"
    assert parse_setting("max_tokens", say.number(4096), len) == 4096


def test_a_range_is_said_as_it_may_be_typed() -> None:
    allowed = RANGES["seed"]
    assert limits(allowed, speaker("es")) == {"low": "0", "high": "2147483647"}
    assert limits(RANGES["top_p"], speaker("es")) == {"low": "0,05", "high": "1"}


@pytest.mark.parametrize(
    ("seconds", "english", "spanish", "french"),
    [
        (0, "1 second", "1 segundo", "1 seconde"),
        (1.2, "2 seconds", "2 segundos", "2 secondes"),
        (60, "60 seconds", "60 segundos", "60 secondes"),
        (61, "2 minutes", "2 minutos", "2 minutes"),
        (3600, "60 minutes", "60 minutos", "60 minutes"),
        (3601, "2 hours", "2 horas", "2 heures"),
    ],
)
def test_times_are_rounded_up_and_said_in_words(
    seconds: float, english: str, spanish: str, french: str
) -> None:
    said = [duration(speaker(tag), seconds).replace("\xa0", " ") for tag in ("en", "es", "fr")]
    assert said == [english, spanish, french]


@pytest.mark.parametrize(("number", "words"), [(2.0, "2"), (0.05, "0.05"), (4096, "4096")])
def test_numbers_are_said_without_an_empty_fraction(number: float, words: str) -> None:
    assert amount(number) == words


@pytest.mark.parametrize(("number", "words"), [(0.3, "0,3"), (2.0, "2"), (40960, "40.960"), (1.15, "1,15")])
def test_spanish_writes_numbers_with_a_comma(number: float, words: str) -> None:
    said = speaker("es")("changed_from", word="temperature", before=number, after=number)
    assert said == f"temperature de {words} a {words}"


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("kept_days", "un día", "2 días"),
        ("reset_done", "la pregunta de arriba con su respuesta", "las 2 preguntas de arriba con sus"),
        ("deleted", "una pregunta con su respuesta", "2 preguntas con sus respuestas"),
        ("why_seen", "una pregunta anterior", "2 preguntas anteriores"),
        ("why_left_out_turns", "La pregunta más antigua no cabía", "Las 2 preguntas más antiguas no cabían"),
        ("why_left_out_tokens", "El último token", "Los últimos 2 tokens"),
        ("why_quotes", "un mensaje", "2 mensajes"),
        ("exported", "una pregunta con su respuesta", "2 preguntas con sus respuestas"),
    ],
)
def test_spanish_knows_one_and_many(key: str, one: str, other: str) -> None:
    say = speaker("es")
    assert one in say(key, count=1)
    assert other in say(key, count=2)
    assert say(key, count=0) == say(key, count=2).replace("2", "0")


def test_french_says_nothing_as_it_says_one() -> None:
    say = speaker("fr")
    assert "0 question précédente avec sa réponse" in say("why_seen", count=0)
    assert "2 questions précédentes avec leurs réponses" in say("why_seen", count=2)
    assert "1\u202f000\u202f000 questions" in say("why_seen", count=1_000_000)


def test_french_keeps_its_marks_with_the_words_before_them() -> None:
    loose = {
        key: found
        for key, phrase in languages()["fr"].phrases.items()
        for text in texts(phrase)
        if (found := re.findall(r"[^\xa0][:;!?»](?!\w)|«[^\xa0]", re.sub(r"`[^`]*`|\bhttp\S+", "`", text)))
    }
    assert loose == {}


def test_a_language_is_a_folder_of_phrases_and_nothing_else_knows_of_it() -> None:
    folders = {path.parent.name for path in SOURCES.glob("languages/*/__init__.py")}
    assert folders == {tag.replace("-", "_").lower() for tag in languages()}
    elsewhere = [
        source
        for folder in (SOURCES, SOURCES.parent / "adapters")
        for source in folder.rglob("*.py")
        if source.parent.parent.name != "languages"
        and re.search(r"(?i)\bfrench\b|[\"']fr[\"']|languages\.fr\b", source.read_text())
    ]
    assert elsewhere == []
