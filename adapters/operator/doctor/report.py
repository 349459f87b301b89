"""The report: lines for people, readable without colour, or one JSON object."""

import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

from adapters.finding import Finding, Verdict

STYLES = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.WRONG: "bold red"}
MARGIN = " " * 9


def worst(findings: Sequence[Finding]) -> Verdict:
    """What the whole comes to."""
    verdicts = {finding.verdict for finding in findings}
    return next((one for one in (Verdict.WRONG, Verdict.WARNING) if one in verdicts), Verdict.OK)


def lines(findings: Sequence[Finding], seconds: float) -> Text:
    """A line for each finding, and how many there are of each verdict."""
    counts = Counter(finding.verdict for finding in findings)
    numbers = ", ".join(
        _counted(counts[verdict], verdict) for verdict in reversed(Verdict) if counts[verdict]
    )
    return body(findings).append(f"{numbers}, in {seconds:.1f} s.")


def body(findings: Sequence[Finding]) -> Text:
    """A line for each finding, its remedy below it; a remedy that several share stands below the last."""
    text = Text()
    width = max(len(finding.name) for finding in findings)
    for finding, after in pairwise([*findings, None]):
        if finding is None:
            continue
        text.append(f"{finding.verdict:<9}", STYLES[finding.verdict])
        text.append(f"{finding.name:<{width}}  {_printable(finding.text)}\n")
        if finding.remedy and (after is None or after.remedy != finding.remedy):
            text.append(f"{MARGIN}{'':<{width}}  -> {_printable(finding.remedy)}\n")
    return text


def as_json(findings: Sequence[Finding], seconds: float) -> str:
    """The same for programs."""
    content = {
        "verdict": worst(findings),
        "seconds": round(seconds, 2),
        "findings": [
            {"name": one.name, "verdict": one.verdict, "text": one.text, "remedy": one.remedy}
            for one in findings
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _counted(number: int, verdict: Verdict) -> str:
    return f"{number} {verdict}{'s' if verdict is Verdict.WARNING and number > 1 else ''}"


def _printable(text: str) -> str:
    """Names come from servers: none of them steers the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
