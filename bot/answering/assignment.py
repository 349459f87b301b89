"""What a claim comes to: which turns the model sees, what it is asked, and what its answer becomes. Pure."""

from dataclasses import dataclass, replace

from bot.conversation.content import Quote, TextFile
from bot.conversation.requests import Claim, Progress, Work
from bot.conversation.turns import Turn, Version


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
    def stands(self) -> str:
        """The answer that stays when another version comes to nothing."""
        return self.turn.answer if self.turn is not None and self.work is Work.AGAIN else ""

    def became(self, version: Version, files: tuple[TextFile, ...], replies: tuple[str, ...]) -> Turn:
        """The turn to remember once the answer is `version`, in which there may be no text."""
        text = version.text if version.text.strip() else ""
        version = replace(version, text=text)
        match self.work, self.turn:
            case Work.SHOW, Turn() as turn:
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
            case Work.AGAIN, Turn() as turn:
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
    message, work, about = claim.message, claim.request.work, claim.about
    if work is Work.ANSWER:
        return Assignment(
            claim=claim,
            before=claim.turns,
            turn=None,
            question=message.text,
            quotes=message.quotes,
            files=None if message.attachments else (),
        )
    if about is None:
        return None
    turn = claim.turns[about]
    if work is Work.SHOW and not 0 <= claim.request.version < len(turn.versions):
        return None
    return Assignment(
        claim=claim,
        before=claim.turns[:about],
        turn=turn,
        question=message.text if work is Work.REDO else turn.question,
        quotes=turn.quotes,
        files=turn.files,
        # The next word brings its own blank.
        beginning=turn.answer.rstrip(" ") if work is Work.GO_ON else "",
    )
