"""What the bot needs from outside: protocols of one to six methods, none of them optional.

Adapters implement them; `tests/contracts/` says what an implementation must do, and runs the same tests
over the fakes and over the real ones.
"""

from bot.ports.going_out import (
    counted_by,
    going_out,
    gone_out,
    may_go_out,
    refusals_counted_by,
    sent_only_while,
    was_too_fast,
)
from bot.ports.meter import Meter, unmeasured
from bot.ports.model import Model, Tokenizer
from bot.ports.platform import Bot, Platform, Receive, Screen
from bot.ports.store import (
    Budget,
    Changes,
    ChannelSettings,
    Conversations,
    Fleet,
    Leases,
    Line,
    People,
    Records,
    Requests,
    Store,
)

__all__ = [
    "Bot",
    "Budget",
    "Changes",
    "ChannelSettings",
    "Conversations",
    "Fleet",
    "Leases",
    "Line",
    "Meter",
    "Model",
    "People",
    "Platform",
    "Receive",
    "Records",
    "Requests",
    "Screen",
    "Store",
    "Tokenizer",
    "counted_by",
    "going_out",
    "gone_out",
    "may_go_out",
    "refusals_counted_by",
    "sent_only_while",
    "unmeasured",
    "was_too_fast",
]
