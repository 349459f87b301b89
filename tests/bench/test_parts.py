"""Whose work a stack is."""

from tests.bench.parts import by_module, by_part

LOOP = "asyncio.base_events:_run_once;adapters.main:main"


def test_what_a_part_calls_of_others_is_its_work() -> None:
    stacks = {
        f"json.decoder:decode;adapters.models.reader:read;bot.answering.attempt:read;{LOOP}": 3,
        f"aiohttp.client:_request;discord.http:request;bot.display.paced:show;{LOOP}": 1,
    }
    assert by_part(stacks) == {"reader": 0.75, "edits": 0.25}


def test_what_comes_in_belongs_to_all() -> None:
    assert by_part({f"aiohttp.client_proto:data_received;asyncio.selector_events:_read;{LOOP}": 1}) == {
        "HTTP": 1.0
    }


def test_a_name_that_only_begins_alike_is_another() -> None:
    assert by_part({"bottle:run": 1}) == {"other": 1.0}


def test_a_module_has_what_is_seen_in_itself() -> None:
    stacks = {"json:loads;bot.a:x": 1, "json:dumps;bot.a:x": 2, "bot.a:x": 1}
    assert by_module(stacks) == {"json": 0.75, "bot.a": 0.25}
