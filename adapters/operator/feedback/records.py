"""What people thought of answers, as records that a model can learn from. Pure.

The prompt of an answer is built again from the turns that it saw and that are still kept, as they stand now.
No name or id of a person is added to it: whoever rates has a pseudonym, speakers are numbered where there are
several. The texts themselves are as people wrote them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from bot.answering.prompt import build_prompt
from bot.conversation.content import Quote
from bot.conversation.generation import Prompt
from bot.conversation.settings import GenerationSettings
from bot.conversation.turns import Account, Turn, Version
from bot.ports import Tokenizer

ENDLESS = 2**31
"""Tokens: what the answer saw fitted its window, however long the numbers of speakers make it."""

NOBODY_KNOWN = "Somebody"
"""Who is quoted where that is not known."""

Record = dict[str, Any]
"""Ready for JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """`pseudonym`: always the same for the same person or answer, and not to be traced back."""

    pseudonym: Callable[[str], str]
    tokenizer: Tokenizer

    def records(self, conversation: str, turns: Sequence[Turn]) -> Iterator[Record]:
        """One for each rating in a conversation, whose turns come oldest first.

        `id` names the answer; `prompt` are messages with `role` and `content`, the last one the question;
        `at` is when it was asked.
        """
        for place, turn in enumerate(turns):
            for number, version in enumerate(turn.versions):
                if not version.ratings:
                    continue
                account, prompt = version.account, self._prompt(turns, place, version)
                for person, rating in version.ratings.items():
                    yield {
                        "id": self.pseudonym(f"{conversation} {turn.message} {number}"),
                        "person": self.pseudonym(person),
                        "rating": "good" if rating.good else "bad",
                        "why": rating.why,
                        "prompt": prompt,
                        "answer": version.text,
                        "settings": {
                            name: value
                            for name, value in (account.settings if account else {}).items()
                            if name != "model"
                        },
                        "model": account.model if account else "",
                        "at": datetime.fromtimestamp(turn.asked_at, UTC).isoformat(),
                    }

    def pairs(self, turns: Sequence[Turn]) -> Iterator[Record]:
        """Two versions of one answer to the same prompt, of which one was liked better.

        The conversational form of a preference that trl's `DPOTrainer` reads, with an explicit prompt:
        https://huggingface.co/docs/trl/dataset_formats#preference
        """
        for place, turn in enumerate(turns):
            if not any(version.ratings for version in turn.versions):
                continue
            versions = [version for version in turn.versions if version.text.strip()]
            prompts = [self._prompt(turns, place, version) for version in versions]
            for chosen, asked in zip(versions, prompts, strict=True):
                for rejected, asked_too in zip(versions, prompts, strict=True):
                    if _score(chosen) > _score(rejected) and asked == asked_too:
                        yield {
                            "prompt": asked,
                            "chosen": [{"role": "assistant", "content": chosen.text}],
                            "rejected": [{"role": "assistant", "content": rejected.text}],
                        }

    def _prompt(self, turns: Sequence[Turn], place: int, version: Version) -> list[dict[str, str]]:
        """What this version of an answer was written to."""
        account = version.account
        *before, turn = _neutral([*_seen(turns[:place], account), turns[place]])
        known = {each.name for each in fields(GenerationSettings)}
        given = account.settings if account else {}
        settings = GenerationSettings(**{name: each for name, each in given.items() if name in known})  # type: ignore[arg-type]  # as they were sent to the model

        def built(tokens: int) -> Prompt:
            return build_prompt(
                before,
                turn.told,
                turn.author,
                settings,
                tokenizer=self.tokenizer,
                context_tokens=tokens + settings.max_new_tokens,
                name_speakers=len({each.person for each in (*before, turn)}) > 1,
            )

        prompt = built(ENDLESS)
        if account and account.left_out_tokens:
            prompt = built(prompt.tokens - account.left_out_tokens)
        return [asdict(message) for message in prompt.messages]


def _seen(before: Sequence[Turn], account: Account | None) -> Sequence[Turn]:
    """Those that are still kept of the turns which the model saw."""
    if account is None or not account.seen_turns:
        return ()
    asked = [turn.message for turn in before]
    known = account.seen_from in asked
    return before[asked.index(account.seen_from) :] if known else before[-account.seen_turns :]


def _score(version: Version) -> int:
    """Those who like it less those who don't: 0 where nobody said anything."""
    return sum(1 if rating.good else -1 for rating in version.ratings.values())


def _neutral(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with numbers in place of names, in the order in which people appear."""
    numbers: dict[str, str] = {}

    def numbered(person: str) -> str:
        return numbers.setdefault(person, f"Person {len(numbers) + 1}")

    def quoted(quote: Quote) -> Quote:
        if not quote.person:
            return replace(quote, author=NOBODY_KNOWN if quote.author else "")
        return replace(quote, author=numbered(quote.person))

    return [
        replace(turn, author=numbered(turn.person), quotes=tuple(map(quoted, turn.quotes))) for turn in turns
    ]
