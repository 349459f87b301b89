"""What a process remembers of conversations: the newest that there is room for, and not for long."""

from adapters.stores.redis import recent
from adapters.stores.redis.recent import UNKNOWN, Recent, Tail
from bot.conversation.turns import Turn
from tests.fakes.messages import turn


def turns(*ids: int, answer: str = "Rayleigh.") -> list[Turn]:
    return [turn(message=str(id), answer=answer) for id in ids]  # noqa: A001  # the field's name


def ids(tail: Tail) -> list[str]:
    return [each.message for each in tail.turns]


def test_a_tail_is_cut_to_how_many_there_are_and_to_the_room_there_is() -> None:
    tail = UNKNOWN.with_turns("n", turns(1, 2)).with_turns("n", turns(3))
    each = tail.size // 3
    assert (ids(tail), tail.last) == (["1", "2", "3"], "3")
    assert ids(tail.within(2, None)) == ["2", "3"]
    assert ids(tail.within(3, 2 * each)) == ["2", "3"]
    assert ids(tail.within(3, 2 * each - 1)) == ["3"]
    assert ids(tail.within(0, None)) == ids(tail.within(3, 0)) == []
    assert tail.within(2, None).size == 2 * each


async def test_more_is_not_remembered_than_there_is_room_for() -> None:
    remembers, large = Recent(), "x" * (recent.MOST // 2 - 100)
    for key in ("a", "b", "c"):
        remembers.remember(key, UNKNOWN.with_turns("n", turns(1, answer=large)))
    assert [ids(remembers.tail(key)) for key in ("a", "b", "c")] == [[], ["1"], ["1"]]
    remembers.forget("b")
    remembers.remember("d", UNKNOWN.with_turns("n", turns(1, answer=large)))
    assert [ids(remembers.tail(key)) for key in ("b", "c", "d")] == [[], ["1"], ["1"]]
    remembers.clear()
    assert remembers.tail("c") == UNKNOWN
