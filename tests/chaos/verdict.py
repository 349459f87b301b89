"""What became of each question: what readers saw, and what was asked of the model. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

TAG = re.compile(r"\bq\d+\b")

BROKEN = ("silent", "refused", "cut", "shrunk", "doubled", "twice", "stuck", "disorder")
"""What may not be; `Verdict` says what each is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One question. `texts`: what stood as its answer, with when (seconds); `calls`: when the model was
    asked, and from how long a beginning, in words. `late`: its platform handed it over late; `unheard`: to
    nobody. `no_room`: the store took nothing new just then, and that was said."""

    tag: str
    channel: str
    texts: Sequence[tuple[float, str]]
    messages: int
    calls: Sequence[tuple[float, int]]
    buttons: Sequence[str] = ()
    late: bool = False
    unheard: bool = False
    no_room: bool = False
    asked_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Verdict:
    """The tags of the questions to which this happened. `silent`: not a word in answer; `refused`: only words
    of the bot's own; `cut`: a part of the answer is missing at the end. `twice`: bought again after the whole
    answer had stood; `again`: bought again before that, from the start. `stuck`: a button to stop it is left.
    `broke_off`: the model broke off again where it had gone on once; that is said, and there is a button to
    continue. `disorder`: begun before one that was asked earlier. `late` and `unheard`: what a platform
    itself handed over late, or to nobody; `unanswered`: those of the latter that nobody caught up with.
    `no_room`: not answered, since the store was full. One that was refused so, by a process that died before
    that was said or kept, is answered all the same when it is found, and has no place in the order."""

    asked: int = 0
    silent: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    shrunk: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    broke_off: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    no_room: list[str] = field(default_factory=list)

    def summary(self) -> Mapping[str, int]:
        """Counts."""
        return {"asked": self.asked} | {
            name: len(getattr(self, name))
            for name in (*BROKEN, "again", "broke_off", "late", "unheard", "unanswered", "no_room")
        }

    def broken(self) -> Mapping[str, list[str]]:
        """What may not be, by its name."""
        return {name: getattr(self, name) for name in BROKEN if getattr(self, name)}


def judge(seen: Iterable[Seen], *, whole: Mapping[str, str]) -> Verdict:
    """`whole`: the text of each tag's whole answer. Each channel's questions come in their order."""
    verdict = Verdict()
    begun: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for each in seen:
        verdict.asked += 1
        _judge(each, whole[each.tag], verdict)
        first = min((at for at, text in each.texts if _words(text)), default=None)
        if first is not None and not (each.late or each.unheard or each.no_room):
            begun[each.channel].append((first, each.tag))
    for answers in begun.values():
        verdict.disorder.extend(tag for (before, _), (at, tag) in pairwise(answers) if at < before)
    return verdict


def _judge(seen: Seen, whole: str, verdict: Verdict) -> None:
    if seen.late:
        verdict.late.append(seen.tag)
    if seen.unheard:
        verdict.unheard.append(seen.tag)
    if not seen.texts:
        apart = verdict.unanswered if seen.unheard else verdict.no_room if seen.no_room else verdict.silent
        apart.append(seen.tag)
        return
    words = [_words(text) for _, text in seen.texts]
    if any(after < before for before, after in pairwise(words)):
        verdict.shrunk.append(seen.tag)
    if not any(words):
        (verdict.no_room if seen.no_room else verdict.refused).append(seen.tag)
    elif whole not in seen.texts[-1][1] and "Continue" in seen.buttons:
        verdict.broke_off.append(seen.tag)
    elif whole not in seen.texts[-1][1]:
        verdict.cut.append(seen.tag)
    if seen.messages > 1:
        verdict.doubled.append(seen.tag)
    if "Stop" in seen.buttons:
        verdict.stuck.append(seen.tag)
    stood = min((at for at, text in seen.texts if whole in text), default=float("inf"))
    if any(at > stood and begun < len(whole.split()) for at, begun in seen.calls):
        verdict.twice.append(seen.tag)
    if sum(begun == 0 for _, begun in seen.calls) > 1:
        verdict.again.append(seen.tag)


def _words(text: str) -> int:
    """How many of the model's words a text shows."""
    return len(re.findall(r"\bw\d+\b", text))
