"""The table of verbs: everything that a person can tell the bot to do, by word, button, menu or reaction.

Slash commands, typed words, buttons, reactions, help and the page's controls are read from it. What a verb
does is the function of the name `handler` under `bot/commands/`. A new one: its row here, its function there,
its phrases in each language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.conversation.settings import SETTINGS, Kind


class About(StrEnum):
    """What a verb is about."""

    CHANNEL = "channel"
    """The place with its settings: a thread's are its channel's."""
    CONVERSATION = "conversation"
    """What was said in this thread or channel."""
    ANSWER = "answer"
    """One answer: the one that `Invoked.target` names, else the latest."""
    PERSON = "person"
    """What is kept of who says it, wherever that is."""
    NOTHING = "nothing"


class Argument(StrEnum):
    """What may follow a verb."""

    NONE = "none"
    QUESTION = "question"
    VALUE = "value"
    """A value of the setting of that word; without one, the value that holds is told."""
    PROMPT = "prompt"
    """A saved system prompt's name; or `save NAME TEXT`, or `delete NAME`."""
    VERSION = "version"
    """A version's number, from 1."""
    REASON = "reason"
    """Why, in a person's own words."""
    LINE = "line"
    """Nothing: a line is drawn; `undo`: it is taken away; `everything`: all is deleted."""
    CONFIRMATION = "confirmation"
    """The word that says that it is meant: it can't be undone."""


EVERYTHING = "everything"
"""What must follow a verb that deletes: it can't be taken back."""

UNDO = "undo"


class Who(StrEnum):
    """Who may."""

    ANYBODY = "anybody"
    ASKER = "asker"
    """Who asked, who manages the channel, and in private whoever is there."""
    MANAGER = "manager"
    """Who manages the channel, or everybody where the operator says so; in private whoever is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One row. `word`: what people type, without `/` or `!`.

    `handler`: the function under `bot/commands/` ("": the one of the verb's own word). `costs`: it counts as
    a question. `button`: it stands below an answer. `reaction`: the emoji that says it. `icon`: the name of
    the picture on its button, where a platform draws one. `typed`: it is listed among the words that people
    type. `again`: the answer that it is about is written or shown anew.
    """

    word: str
    about: About
    argument: Argument = Argument.NONE
    who: Who = Who.ANYBODY
    handler: str = ""
    costs: bool = False
    button: bool = False
    reaction: str = ""
    icon: str = ""
    typed: bool = True
    again: bool = False

    @property
    def function(self) -> str:
        """The name of the function that does it."""
        return self.handler or self.word


def _settings() -> tuple[Verb, ...]:
    functions = {Kind.MODEL: "model", Kind.PRESET: "preset", Kind.LANGUAGE: "language"}
    return tuple(
        Verb(
            word=each.word,
            about=About.CHANNEL,
            argument=Argument.VALUE,
            who=Who.MANAGER,
            handler=functions.get(each.kind, "setting"),
        )
        for each in SETTINGS
    )


ASK = Verb(word="ask", about=About.CONVERSATION, argument=Argument.QUESTION)
STOP = Verb(word="stop", about=About.ANSWER, who=Who.ASKER, button=True, reaction="❌", icon="stop")
AGAIN = Verb(
    word="regenerate",
    about=About.ANSWER,
    who=Who.ASKER,
    costs=True,
    button=True,
    icon="circle",
    again=True,
)
VERSION = Verb(
    word="version",
    about=About.ANSWER,
    argument=Argument.VERSION,
    who=Who.ASKER,
    button=True,
    typed=False,
    again=True,
)
GO_ON = Verb(
    word="continue",
    about=About.ANSWER,
    who=Who.ASKER,
    handler="go_on",
    costs=True,
    button=True,
    icon="arrow",
    again=True,
)
COPY = Verb(word="copy", about=About.ANSWER, button=True, icon="sheets")
GOOD = Verb(
    word="good",
    about=About.ANSWER,
    argument=Argument.REASON,
    handler="rate",
    button=True,
    reaction="👍",
    icon="thumb up",
)
BAD = Verb(
    word="bad",
    about=About.ANSWER,
    argument=Argument.REASON,
    handler="rate",
    button=True,
    reaction="👎",
    icon="thumb down",
)
WHY = Verb(word="why", about=About.ANSWER)
SHOW = Verb(word="settings", about=About.CHANNEL)
PROMPT = Verb(word="prompt", about=About.CHANNEL, argument=Argument.PROMPT, who=Who.MANAGER)
RESET = Verb(word="reset", about=About.CONVERSATION, argument=Argument.LINE, button=True)
EXPORT = Verb(word="export", about=About.PERSON)
FORGET = Verb(word="forget", about=About.PERSON, argument=Argument.CONFIRMATION, button=True)
HELP = Verb(word="help", about=About.NOTHING)
HELLO = Verb(word="hello", about=About.NOTHING, typed=False)

VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        each.word: each
        for each in (
            ASK,
            *_settings(),
            PROMPT,
            SHOW,
            RESET,
            STOP,
            AGAIN,
            VERSION,
            GO_ON,
            COPY,
            GOOD,
            BAD,
            WHY,
            EXPORT,
            FORGET,
            HELP,
            HELLO,
        )
    }
)
"""The table, by word, in the order in which they are listed."""

TYPED = tuple(word for word, verb in VERBS.items() if verb.typed)
"""Every word that is listed."""

REACTIONS: Mapping[str, Verb] = MappingProxyType(
    {each.reaction: each for each in VERBS.values() if each.reaction}
)
"""What a reaction to an answer says, by its emoji without a colour of skin."""
