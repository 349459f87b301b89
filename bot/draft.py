"""The answer so far, as pages that fit the platform's messages. Pure.

What a page shows (`Page.text`) is a slice of the answer (`Page.body`) plus what its reader needs: a code
fence that the split cut is closed at the end of one page and opened again, with its language, on the next.
The bodies of all pages, joined, are the answer, to the letter.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message of an answer. `number` counts from 0; `full`: nothing will be added to its body.

    `final`: the whole answer is settled.
    """

    number: int
    body: str
    text: str
    full: bool = False
    final: bool = False
