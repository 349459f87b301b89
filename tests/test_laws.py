"""The laws of the tree."""

import sys

import pytest

from tests.architecture import FIGURES, ROOT, Figure, Source, sources

BOT = sources("bot")
PROGRAM = [*BOT, *sources("adapters")]
LONGEST = 300
PLATFORM_FILES = ("limits.py", "translate.py", "platform.py", "controls.py")


PLANTED = {
    "name a platform outside its folder and the registry": (
        Source(path="bot/a.py", text="# as on Discord"),
        Source(path="adapters/platforms/discord/a.py", text="# as on Slack"),
        Source(path="adapters/b.py", text="the page in the browser"),
        Source(path="adapters/c.py", text="environ['WEB_PORT']"),
    ),
    "name repetition_penalty beside the languages": (Source(path="bot/a.py", text="repetition_penalty=1"),),
    "name regenerate beside the languages": (Source(path="adapters/a.py", text='"regenerate"'),),
    "are a platform's and know the bot's insides or the store": (
        Source(path="adapters/platforms/slack/a.py", text="def f():\n    from bot.service import intake"),
        Source(path="adapters/platforms/slack/b.py", text="import adapters.stores.redis.keys"),
    ),
    "import a library outside the folder that knows it": (
        Source(path="adapters/a.py", text="from redis.asyncio import Redis"),
        Source(path="adapters/models/huggingface/b.py", text="import uvicorn"),
    ),
}
"""For each figure, modules that it must count."""

INNOCENT = (
    Source(path="bot/languages/en/a.py", text="# Discord repetition_penalty regenerate"),
    Source(path="adapters/platforms/discord/a.py", text="import discord\nfrom bot.conversation import views"),
    Source(path="adapters/http.py", text="from aiohttp import web"),
)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_architecture_holds(figure: Figure) -> None:
    files = list(figure.files(PROGRAM))
    assert len(files) <= figure.most, files


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_counts_what_it_says_and_nothing_else(figure: Figure) -> None:
    planted = PLANTED[figure.name]
    files = list(figure.files([*planted, *INNOCENT]))
    assert [file.partition(" ")[0] for file in files] == [source.path for source in planted]


def test_imports_are_seen_wherever_they_stand() -> None:
    source = Source(path="a.py", text="import a.b, c\ndef f():\n    from d.e import g\nfrom . import h")
    assert source.imports() == {"a.b", "c", "d.e", "."}


@pytest.mark.parametrize("source", BOT, ids=lambda source: source.path)
def test_the_bot_imports_the_standard_library_and_itself_alone(source: Source) -> None:
    names = {module.partition(".")[0] or "." for module in source.imports()}
    assert names <= sys.stdlib_module_names | {"bot"}


def test_no_file_is_longer_than_can_be_read_in_one_go() -> None:
    assert len(PROGRAM) > 20
    lengths = {source.path: len(source.text.splitlines()) for source in PROGRAM}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_platform_has_the_same_four_files() -> None:
    platforms = [path.parent for path in sorted((ROOT / "adapters" / "platforms").glob("*/platform.py"))]
    assert {"discord", "slack", "console"} <= {folder.name for folder in platforms}
    missing = {
        folder.name: name for folder in platforms for name in PLATFORM_FILES if not (folder / name).exists()
    }
    assert missing == {}
