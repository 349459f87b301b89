"""Says how it stands with this process."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.answering.answer import Answerer
from bot.answering.attempt import Attempt
from bot.answering.candidates import Candidates
from bot.answering.queue import Places
from bot.conversation.fleet import Answering, ModelServer, ProcessState
from bot.conversation.turn_ids import turn_id
from bot.service.presence import Presence
from bot.service.recent import Recent

MOST_ANSWERS = 20
"""Of those that are written here, so many are told of, the oldest first."""

LETTERS_A_TOKEN = 4.2
"""Of English, as Mixtral's tokenizer cuts it: what is counted while an answer grows need not be exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """`name` of this process: its host and its number there. `key`: what nobody else is called. `started`: in
    seconds since 1970."""

    name: str
    key: str
    version: str
    started: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """`holds`: what of each platform this process alone may have."""

    identity: Identity
    presence: Presence
    holds: Callable[[], Mapping[str, tuple[str, ...]]]
    recent: Recent
    candidates: Candidates
    answerer: Answerer
    places: Places

    def state(self, *, needs: Mapping[str, bool], held: int, store: float) -> ProcessState:
        """`needs`, `held`, `store`: as in what it gives."""
        attempts = self.answerer.attempts
        resting = self.candidates.resting
        return ProcessState(
            name=self.identity.name,
            version=self.identity.version,
            started=self.identity.started,
            needs=needs,
            platforms=self.presence.now(),
            holds=self.holds(),
            running=dict(Counter(attempt.message.channel.platform for attempt in attempts)),
            answers=tuple(map(_answering, attempts[:MOST_ANSWERS])),
            waiting=self.places.waiting,
            held=held,
            models=tuple(
                ModelServer(model=each.name, server=each.host, resting=resting[each.name])
                for each in self.candidates.models
            ),
            faults=self.recent.faults,
            store=store,
        )


def _answering(attempt: Attempt) -> Answering:
    now, watch, channel = asyncio.get_running_loop().time(), attempt.reply.watch, attempt.message.channel
    written = now - watch.first_token if watch.first_token is not None else 0.0
    tokens = len(attempt.reply.text) / LETTERS_A_TOKEN
    return Answering(
        turn=turn_id(channel, attempt.message.id),
        platform=channel.platform,
        private=channel.private,
        seconds=now - watch.began,
        rate=tokens / written if written > 0 else 0.0,
    )
