"""Every function of the program that searches a text by a regular expression, found in its source: whoever
adds one is asked whose text it is."""

import ast
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from tests.security.work import HOSTILE, WORK

ROOT = Path(__file__).parents[2]

Place = tuple[str, str]
"""A file of the program, and the name of a function in it."""

NOT_THEIRS = {
    "adapters/composition/": "what the operator has set",
    "adapters/configuration/": "what the operator has set",
    "adapters/environment.py": "what the operator has set",
    "adapters/operator/": "what the operator types",
    "adapters/proxies.py": "what the operator has set",
    "adapters/quotas.py": "what the operator has set",
    "adapters/platforms/console/translate.py:locale_in": "what the operator has set",
    "adapters/platforms/discord/variables.py": "what the operator has set",
    "adapters/platforms/web/variables.py": "what the operator has set",
    "adapters/variables.py": "what the operator has set",
    "adapters/platforms/web/login.py": "the form as it lies in the package",
    "adapters/platforms/web/guard.py": "a path that was measured before",
    "bot/errors.py:word_for": "the name of a class of its own",
    "adapters/platforms/discord/calls.py": "an address that the bot has made",
    "adapters/platforms/discord/errors.py": "what Discord says of a request",
    "adapters/platforms/slack/client.py": "what Slack says of a request",
    "adapters/platforms/slack/errors.py": "what Slack says of a request",
    "adapters/platforms/slack/gateway.py": "a pattern for the library, of names of buttons of ours",
    "adapters/platforms/slack/http.py": "a header, in digits",
    "adapters/received.py": "a time of 21 letters at most",
    "adapters/models/dry_run.py": "only where there is no model",
    "adapters/models/huggingface/answer_stream.py:end": "a word of 40 letters at most",
    "adapters/stores/redis/": "what the store says of a command",
    "bot/commands/settings.py:prompt": "a name of 32 letters at most",
}
"""Files, and functions in them, that search no text of people's or the model's, or none that may be long."""


def searching() -> Iterator[Place]:
    """Those functions."""
    for folder in ("bot", "adapters"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            patterns = {"re"} | {
                target.id
                for each in ast.walk(tree)
                if isinstance(each, ast.Assign) and ast.unparse(each.value).startswith("re.compile(")
                for target in each.targets
                if isinstance(target, ast.Name)
            }
            for each in ast.walk(tree):
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and _uses(each, patterns):
                    yield file.relative_to(ROOT).as_posix(), each.name


def _uses(function: ast.FunctionDef | ast.AsyncFunctionDef, patterns: set[str]) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id in patterns
        for part in function.body
        for each in ast.walk(part)
    )


def worked() -> set[Place]:
    """Those that do something when all that works on texts does it."""
    seen = set[Place]()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add((frame.f_code.co_filename, frame.f_code.co_name))

    text = "".join(unit * 9 for unit in HOSTILE) + "word. " * 400
    sys.setprofile(note)
    try:
        for work in WORK.values():
            for each in (text, "{date} {time}", f"{'a ' * 3000}<think>b</think>"):
                steps = work(each)
                if isinstance(steps, Iterator):
                    deque(steps, maxlen=0)
    finally:
        sys.setprofile(None)
    return {(file.removeprefix(f"{ROOT}/"), name) for file, name in seen}


def excused(place: Place) -> bool:
    """Whether it is said whose text it searches."""
    return any(f"{place[0]}:{place[1]}".startswith(each) for each in NOT_THEIRS)
