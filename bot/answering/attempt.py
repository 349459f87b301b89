"""One try at what was claimed: what it comes to, what it is shown with, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.answering.files import Files
from bot.answering.lease import Interruptible, Lease
from bot.conversation.content import Quote, TextFile, has_words
from bot.conversation.dividers import between_dividers, divider_above
from bot.conversation.events import Said
from bot.conversation.requests import Claim, Progress, Work
from bot.conversation.turns import BROKE_OFF, Account, Turn, Version
from bot.display.paced import Paced
from bot.display.reply import Reply
from bot.errors import PlatformError
from bot.languages import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """`before` are the turns that the model sees, `turn` the one that the request is about, where there is
    one yet. `files` is `None` where those beside the question have not been read yet. `beginning` is what
    the answer begins with already.
    """

    claim: Claim
    before: tuple[Turn, ...]
    turn: Turn | None
    question: str
    quotes: tuple[Quote, ...]
    files: tuple[TextFile, ...] | None
    beginning: str = ""

    @property
    def work(self) -> Work:
        return self.claim.request.work

    @property
    def progress(self) -> Progress:
        """What had been shown before: by a process that died, or of the answer as it was."""
        before = self.claim.progress
        if self.turn is None or before.replies:
            return before
        return replace(before, replies=self.turn.replies)

    @property
    def people(self) -> frozenset[str]:
        """Who asked in this conversation so far."""
        return frozenset((self.claim.message.person, *(turn.person for turn in self.before)))

    @property
    def kept(self) -> Turn | None:
        """The turn as it shall be shown, where that is all that is to be done."""
        if self.turn is None or self.work not in (Work.SHOW, Work.REDRAW):
            return None
        return replace(self.turn, shown=self.claim.request.version) if self.work is Work.SHOW else self.turn

    @property
    def earlier(self) -> int:
        """How many turns stand before those that the model sees, and below the same divider."""
        return self.claim.earlier if len(self.before) == len(self.claim.turns) else 0

    @property
    def since(self) -> float:
        """From when on what others said counts, in seconds since 1970."""
        divider = divider_above(self.claim.dividers, self.claim.message.sent_at)
        return max(self.claim.reset_at, divider.drawn_at if divider else 0.0)

    @property
    def stands(self) -> str:
        """The answer that stays when another version comes to nothing."""
        another = self.work in (Work.AGAIN, Work.SHOW, Work.REDRAW)
        return self.turn.answer if self.turn is not None and another else ""

    def became(self, version: Version, files: tuple[TextFile, ...], replies: tuple[str, ...]) -> Turn:
        """The turn to remember once the answer is `version`, in which there may be no text."""
        text = version.text if version.text.strip() else ""
        version = replace(version, text=text)
        match self.work, self.turn:
            case Work.SHOW, Turn() as turn if text != turn.answer:
                return replace(turn, shown=self.claim.request.version, replies=replies)
            case Work.AGAIN, Turn(answer="") as turn:
                return replace(turn.with_version(version), replies=replies)
            case Work.AGAIN, Turn() as turn if text not in ("", turn.answer):
                return replace(
                    turn, versions=(*turn.versions, version), shown=len(turn.versions), replies=replies
                )
            case Work.GO_ON, Turn() as turn:
                account = version.account or turn.version.account
                longer = replace(turn.version, text=text, account=account, fault=version.fault)
                return replace(turn.with_version(longer), replies=replies)
            case Work.AGAIN | Work.SHOW | Work.REDRAW, Turn() as turn:
                return replace(turn, replies=replies)
        message = self.claim.message
        return Turn(
            message=message.id,
            person=message.person,
            author=message.author.name,
            question=self.question,
            quotes=self.quotes,
            files=files,
            versions=(version,),
            replies=replies,
            asked_at=message.sent_at,
        )


def assignment(claim: Claim) -> Assignment | None:
    """What is to be done; `None` when the turn that it was about is there no more."""
    message, work, turn = claim.message, claim.request.work, claim.turn
    if work is Work.ANSWER:
        before = between_dividers(claim.turns, claim.dividers, message.sent_at)
        return Assignment(
            claim=claim,
            before=before,
            turn=None,
            question=message.text,
            quotes=_news(message, before),
            files=None,
        )
    if turn is None:
        return None
    if work is Work.SHOW and not 0 <= claim.request.version < len(turn.versions):
        return None
    if work is Work.REDRAW and not turn.answer:
        return None
    return Assignment(
        claim=claim,
        before=between_dividers(claim.turns, claim.dividers, turn.asked_at),
        turn=turn,
        question=message.text if work is Work.REDO else turn.question,
        quotes=turn.quotes,
        files=turn.files,
        # The next word brings its own blank.
        beginning=turn.answer.rstrip(" ") if work is Work.GO_ON else "",
    )


def _news(message: Said, turns: Sequence[Turn]) -> tuple[Quote, ...]:
    """What stands beside a question but for what an earlier one had already and is nobody's words, as the
    title of the thread: it is told once."""
    told = {quote for turn in turns for quote in turn.quotes if not quote.author}
    return tuple(quote for quote in message.quotes if not message.text.strip() or quote not in told)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What comes of a question while it is answered: the one thing here that changes. `unshown`: the rest of
    the text, which the platform does not take, and `refusal` how it said so. `reasoning`, `ignored`: as in
    the account."""

    files: Files
    quotes: tuple[Quote, ...]
    notes: list[str] = field(default_factory=list)
    account: Account | None = None
    ending: str = ""
    fault: str = ""
    unshown: str = ""
    refusal: PlatformError | None = None
    reasoning: int = 0
    ignored: tuple[str, ...] = ()

    def cut_files(self, files: tuple[TextFile, ...], say: Say) -> None:
        """These files lost their middle; the person is told of each once."""
        for before, after in zip(self.files.files, files, strict=True):
            note = say("file_shortened", name=after.name)
            if before != after and note not in self.notes:
                self.notes.append(note)
        self.files = replace(self.files, files=files)

    def broke_off(self, phrase: str, say: Say) -> None:
        """It ended before its end; the phrase says why."""
        self.ended(BROKE_OFF)
        self.fault = phrase
        self.notes.append(say(phrase))

    def ended(self, ending: str) -> None:
        """The answer is over, for this reason."""
        self.ending = ending
        if self.account is not None:
            self.account = replace(self.account, ending=ending)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at an assignment: what it is shown with, and what comes of it. `interruptible`: whether it
    shall end early."""

    task: Assignment
    screen: Paced
    lease: Lease
    reply: Reply
    interruptible: Interruptible
    say: Say
    outcome: Outcome

    @property
    def progress(self) -> Progress:
        """What another process needs to go on, or to finish what the model is done with."""
        return replace(self.reply.progress, ended=self.outcome.ending, account=self.outcome.account)

    async def keep_lease(self) -> None:
        """Beat until cancelled. Raises `LeaseLost`."""
        await self.lease.keep(lambda: self.progress)

    @property
    def turn(self) -> Turn:
        """What is to be remembered of it as it stands."""
        outcome, shown = self.outcome, self.reply.progress
        version = Version(text=shown.text + outcome.unshown, account=outcome.account, fault=outcome.fault)
        return replace(
            self.task.became(version, outcome.files.files, shown.replies),
            quotes=outcome.quotes,
        )

    @property
    def unanswerable(self) -> str:
        """The phrase that says why there is nothing to ask the model; "" where there are words of the
        person's, or of what they point at."""
        quotes, files = self.outcome.quotes, self.outcome.files.files
        if self.task.beginning:
            return ""
        if any(not quote.text.strip() for quote in quotes):
            return "not_readable"
        read = quotes or any(has_words(file.text) for file in files)
        return "" if read or has_words(self.task.question) else "nothing_to_ask"

    @property
    def message(self) -> Said:
        """The question."""
        return self.task.claim.message
