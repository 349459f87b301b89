"""What is measured, a row each: who asks where, how many at once, and what lies behind them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.elsewhere import Make
from tests.bench.oracle import Allowance, best_mean_delay
from tests.bench.places import ROUND_TRIP, Place, discord, page, slack, slack_direct

TOKENS, RATE = 256, 40.0
"""Of an answer, and how many a second come: a busy Mixtral on two GPUs."""

PLACES: Mapping[str, Make[Place]] = {
    "discord": discord,
    "slack": slack,
    "slack-direct": slack_direct,
    "page": page,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform lets through, for the oracle: `edits` in a window that is each reply's own, or `shared`
    by all; `total`, of all calls."""

    edits: Allowance
    shared: bool = False
    total: Allowance | None = None


MINUTE = 60.0
LIMITS: Mapping[str, Limits] = {
    "discord": Limits(edits=Allowance(calls=5, seconds=5.0), total=Allowance(calls=50, seconds=1.0)),
    "slack": Limits(edits=Allowance(calls=50, seconds=MINUTE), shared=True),
    "slack-direct": Limits(edits=Allowance(calls=100, seconds=MINUTE), shared=True),
}
"""The page has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`spread`: seconds over which the questions come. `at_once`: answers that the model writes at the same
    time, 0 for all. `history`: turns behind each conversation; `conversations`: others in the store;
    `opened`: conversations that are opened, where more are than are asked in. `by_provider`: the model is
    reached as Hugging Face's providers are. `compared`: the same streams are read without a bot, too;
    `usual`: it is measured unless others are wanted."""

    name: str
    place: str
    replies: int
    spread: float = 0.0
    tokens: int = TOKENS
    at_once: int = 0
    history: int = 0
    conversations: int = 0
    opened: int = 0
    by_provider: bool = False
    compared: bool = False
    usual: bool = False

    @property
    def best(self) -> float:
        """The mean delay of a token at best; `nan` where nobody counts, or answers are too short to pace."""
        if self.place not in LIMITS or self.tokens < TOKENS:
            return math.nan
        limits, length = LIMITS[self.place], self.tokens / RATE
        growing = max(1, round(self.replies * length / (length + self.spread)))
        return best_mean_delay(
            replies=growing,
            length=length,
            edits=limits.edits,
            sharing=growing if limits.shared else 1,
            total=limits.total,
            one_way=ROUND_TRIP / 2,
        )


def _discord(replies: int, *, usual: bool = False) -> Row:
    name = f"discord-{replies}"
    return Row(name=name, place="discord", replies=replies, compared=True, usual=usual)


def _page(pages: int, *, usual: bool = False) -> Row:
    """Of which five grow."""
    return Row(name=f"page-{pages}", place="page", replies=min(pages, 5), opened=pages, usual=usual)


ROWS: tuple[Row, ...] = (
    _discord(1),
    _discord(10, usual=True),
    Row(name="discord-45-spread", place="discord", replies=45, spread=6.0, compared=True),
    _discord(50, usual=True),
    Row(name="discord-50-provider", place="discord", replies=50, by_provider=True, compared=True),
    _discord(100, usual=True),
    _discord(200),
    _discord(500),
    Row(name="slack-1", place="slack", replies=1, usual=True),
    Row(name="slack-10", place="slack", replies=10, usual=True),
    Row(name="slack-50", place="slack", replies=50),
    Row(name="slack-direct-1", place="slack-direct", replies=1),
    Row(name="slack-direct-10", place="slack-direct", replies=10),
    _page(1),
    _page(10, usual=True),
    _page(50),
    *(
        Row(name=f"history-{turns}", place="discord", replies=2, tokens=40, history=turns, usual=turns < 1000)
        for turns in (10, 100, 1_000, 10_000)
    ),
    *(
        Row(name=f"store-{count}", place="discord", replies=10, tokens=40, conversations=count)
        for count in (1, 1_000, 10_000, 100_000)
    ),
    Row(name="questions-1000", place="discord", replies=1_000, spread=1.0, tokens=16, at_once=100),
)
