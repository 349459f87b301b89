"""What became of all the questions that were asked."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.chaos.fleet import Fleet
from tests.chaos.places import OnDiscord, OnSlack, Question, Shown
from tests.chaos.recovery import quantiles, recoveries
from tests.chaos.verdict import TAG, Seen, Verdict, judge
from tests.servers.model import ModelServer, counting

WORDS = 80
"""Of an answer."""

QUIET = 60.0
"""Seconds in which nothing is written: then nothing more comes."""

NO_ROOM = "My memory is full"
"""How the bot begins to say so."""

LATE = 1.0
"""Seconds after which a platform has handed something over late."""

Platform = OnDiscord | OnSlack
Asked = dict[str, tuple[Platform, Question]]
"""Each question by its tag, and where it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run. `ended`: bots that ended by themselves, `given_up`: those that did
    before they were ready, and were started again; `left_open`: messages that show no answer
    and can still be stopped; `stories`: all that was seen of the questions to which something happened
    or whose process died; `faults`: what went wrong. Times are in seconds since 1970."""

    verdict: Verdict
    faults: Sequence[tuple[float, str]]
    recovered: Mapping[str, Sequence[tuple[float, str]]]
    ended: Sequence[str]
    given_up: Sequence[str]
    left_open: Sequence[str]
    stories: Sequence[Seen]

    @property
    def wrong(self) -> bool:
        """Whether the promise is broken."""
        return bool(self.verdict.broken() or self.ended or self.left_open)

    def report(self) -> Mapping[str, object]:
        """All of it."""
        return {
            **self.verdict.summary(),
            "recovery": {
                name: quantiles([seconds for seconds, _ in each]) for name, each in self.recovered.items()
            },
            "faults": Counter(name for _, name in self.faults),
            "broken": self.verdict.broken(),
            "ended": self.ended,
            "given up": len(self.given_up),
            "left open": self.left_open,
        }


def answer(prompt: str) -> str:
    """The model's whole answer: the tag of the last question, and words of which a missing one is seen.
    `prompt`: as JSON has it, in which a new line is no blank."""
    tags = TAG.findall(prompt.replace("\\n", " "))
    return f"{tags[-1]} {counting(WORDS)}"


async def quiet(platforms: Sequence[Platform], asked: Asked) -> None:
    """Wait until every answer stands there and no more is shown, or nothing has been for long."""
    loop = asyncio.get_running_loop()
    seen, since = 0, loop.time()
    while True:
        await asyncio.sleep(2)
        shown = [each for _, each in _all(platforms)]
        versions = sum(len(each.texts) for each in shown)
        if versions != seen:
            seen, since = versions, loop.time()
        whole = {each.tag for each in shown if each.tag and answer(each.tag) in each.texts[-1][1]}
        if loop.time() - since > (10 if whole >= asked.keys() else QUIET):
            return


def outcome(
    model: ModelServer,
    platforms: Sequence[Platform],
    asked: Asked,
    *,
    fleet: Fleet,
    faults: Sequence[tuple[float, str]],
    full: Sequence[tuple[float, float]] = (),
) -> Outcome:
    """As it stands now. `full`: from when until when the store took nothing new."""
    answers, left_open = _answers(platforms, asked)
    calls = _calls(model)
    handed_over = {platform: platform.handed_over() for platform in platforms}
    seen = []
    for tag, (platform, question) in asked.items():
        at, shown = handed_over[platform](question), [each for each in answers[tag] if each.tag]
        # On Slack whoever asked sees alone that there is no room.
        in_vain = platform.tells_apart and any(begun <= (at or 0.0) <= ended for begun, ended in full)
        seen.append(
            Seen(
                tag=tag,
                channel=question.conversation,
                asked_at=question.at,
                # What the bot says itself, as that it can't reach its memory, stands beside the answer.
                texts=sorted(text for each in shown or answers[tag] for text in each.texts),
                messages=len(shown),
                calls=[(came, begun) for came, begun, _ in calls[tag]],
                buttons=[label for each in answers[tag] for label in each.buttons],
                late=at is not None and at - question.at > LATE,
                unheard=at is None,
                no_room=in_vain or any(NO_ROOM in text for each in answers[tag] for _, text in each.texts),
            )
        )
    verdict = judge(seen, whole={tag: answer(tag) for tag in asked})
    left = [(tag, left) for tag, each in calls.items() for _, _, left in each if left]
    recovered = {
        platform.name: recoveries(
            fleet.deaths, left, {each.tag: each.texts for each in seen if asked[each.tag][0] is platform}
        )
        for platform in platforms
    }
    notable = {tag for tags in verdict.broken().values() for tag in tags} | {*verdict.unanswered}
    notable |= {tag for each in recovered.values() for _, tag in each}
    return Outcome(
        verdict=verdict,
        faults=faults,
        recovered=recovered,
        ended=fleet.ended,
        given_up=fleet.given_up,
        left_open=left_open,
        stories=[_by_the_clock(each) for each in seen if each.tag in notable],
    )


def _by_the_clock(seen: Seen) -> Seen:
    """With times as a log has them."""
    ahead = time.time() - asyncio.get_running_loop().time()
    return replace(
        seen,
        asked_at=seen.asked_at + ahead,
        texts=[(at + ahead, text) for at, text in seen.texts],
        calls=[(at + ahead, begun) for at, begun in seen.calls],
    )


def _answers(platforms: Sequence[Platform], asked: Asked) -> tuple[dict[str, list[Shown]], list[str]]:
    """The messages of each question's answer, and the texts of others that can still be stopped."""
    names = {(platform, question.name): tag for tag, (platform, question) in asked.items()}
    answers, left_open = defaultdict[str, list[Shown]](list), list[str]()
    for platform, each in _all(platforms):
        if tag := names.get((platform, each.answers)) or each.tag:
            answers[tag].append(each)
        elif each.can_be_stopped:
            left_open.append(each.texts[-1][1])
    return answers, left_open


def _all(platforms: Sequence[Platform]) -> Iterator[tuple[Platform, Shown]]:
    return ((platform, each) for platform in platforms for each in platform.shown())


def _calls(model: ModelServer) -> Mapping[str, list[tuple[float, int, float]]]:
    """When the model was asked about each question, from how many words on, and when it was left."""
    calls = defaultdict[str, list[tuple[float, int, float]]](list)
    for request in model.requests:
        messages: list[dict[str, Any]] = request.body["messages"]
        asked = [str(message["content"]) for message in messages if message["role"] == "user"]
        tags = [tag for content in asked for tag in TAG.findall(content)]
        begun = str(messages[-1]["content"]) if messages[-1]["role"] == "assistant" else ""
        calls[tags[-1]].append((request.came_at, len(begun.split()), request.closed_at))
    return calls
