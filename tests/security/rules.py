"""What is expected: a row for each kind of thing that can be done, a column for each kind of person.

Nothing here is read from the program but the verbs' words: a verb that is in no row fails a test.
"""

from collections.abc import Mapping

WHO = ("who asked", "anybody else", "manager", "admin of the bot", "over quota", "guest")
"""Who is heard. `who asked` has asked what the answer is to; who is over quota, or a guest, has as well.
`admin of the bot`: the operator names them; `guest`: of the workspace, with less than a member."""

NOBODY = ("blocked", "not listed", "stranger", "other server")
"""Who is not heard. `stranger`: of another company, in a shared channel; `other server`: one that the
operator has not listed."""

YES, OWN, NO, SILENT, NOT = "yes", "own", "no", "silence", ""
"""Done; done for their own questions alone; refused in words; nothing at all. `NOT`: nobody is there."""

ROWS: Mapping[str, tuple[str, ...]] = {
    #                     who asked  else  manager  admin  over quota  guest
    "ask": (              YES,       YES,  YES,     YES,   NO,         YES),
    "look": (             YES,       YES,  YES,     YES,   YES,        YES),
    "rate": (             YES,       YES,  YES,     YES,   YES,        YES),
    "own data": (         YES,       YES,  YES,     YES,   YES,        YES),
    "draw a line": (      YES,       YES,  YES,     YES,   YES,        YES),
    "answer": (           YES,       NO,   YES,     YES,   YES,        YES),
    "answer that costs": (YES,       NO,   YES,     YES,   NO,         YES),
    "value": (            OWN,       OWN,  YES,     YES,   OWN,        OWN),
    "shared value": (     NO,        NO,   YES,     YES,   NO,         NO),
    "delete all": (       NO,        NO,   YES,     YES,   NO,         NO),
}  # fmt: skip
"""In a channel."""

IN_PRIVATE: Mapping[str, tuple[str, ...]] = {
    "value": (YES,) * 6,
    "shared value": (YES,) * 6,
    "delete all": (YES,) * 6,
    "answer": (YES,) * 6,
    "answer that costs": (YES, YES, YES, YES, NO, YES),
}
"""In a private session, where that is another: whoever is there manages it."""

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("ask",), "ask"),
    **dict.fromkeys(("settings", "help", "hello", "why", "copy"), "look"),
    **dict.fromkeys(("good", "bad"), "rate"),
    **dict.fromkeys(("export", "forget", "forget everything"), "own data"),
    **dict.fromkeys(("reset", "reset undo"), "draw a line"),
    **dict.fromkeys(("stop", "version"), "answer"),
    **dict.fromkeys(("regenerate", "continue"), "answer that costs"),
    **dict.fromkeys(
        ("temperature", "top_p", "max_tokens", "repetition_penalty", "seed", "preset", "language"), "value"
    ),
    **dict.fromkeys(("system", "model", "prompt"), "shared value"),
    "reset everything": "delete all",
}
"""What is done -> its row."""

UNHEARD_IN_WORDS = ("slash", "button", "menu", "form", "autocomplete", "home page", "page")
"""Ways on which whoever is not heard is answered all the same: they have done something on which the platform
waits. Blocked people are spoken to on no other."""


ON_THE_PAGE = ("who asked", "admin of the bot", "over quota", "blocked", "not listed")
"""Who may sit before the page. The conversations of others can't be named there."""

LOOKS = ("autocomplete", "home page")
"""Ways on which nothing is done, but seen what there is."""


def expected(what: str, way: str, who: str) -> str:
    """What is to come of it."""
    if way == "page" and who not in ON_THE_PAGE:
        return NOT
    if who in WHO:
        kind = "look" if way in LOOKS else KINDS[what]
        row = IN_PRIVATE.get(kind) if way in ("direct message", "page") else None
        outcome = (row or ROWS[kind])[WHO.index(who)]
        return SILENT if way == "reaction" and outcome == NO else outcome
    if way == "reaction":
        return SILENT  # it may be meant for people alone
    if who == "blocked" and way not in UNHEARD_IN_WORDS:
        return SILENT
    return NO
