"""The way of `mixtral-bot setup` from nothing to a written `.env`, and then the doctor's word on it."""

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NoReturn

import typer
from rich.console import Console

from adapters.configuration import ENV_FILE, Settings
from adapters.environment import own
from adapters.operator.doctor import doctor
from adapters.operator.setup import env_file
from adapters.operator.setup.env_file import Changes, EnvFile
from adapters.operator.setup.interview import Interview
from adapters.registration import Answers, Registration, load

ENDED = 130
"""The exit code of a program that Ctrl-C ended, as shells have it."""


Platforms = Sequence[Registration[Any]]
"""Those that there is something to ask about."""


def carry_out(
    settings: type[Settings], answers: Callable[[Interview, Mapping[str, str]], Changes], *, yes: bool
) -> NoReturn:
    """Ask, write, and let the doctor look at what came of it."""
    interview = Interview(
        console=Console(highlight=False),
        asks=sys.stdin.isatty() and not yes,
        takes_defaults=yes,
        environ=os.environ,
        settings=settings,
    )
    file = env_file.read(ENV_FILE)
    environ = own(os.environ)
    kept = own(file.values) | environ
    try:
        if interview.asks:
            interview.say("Enter takes what stands in brackets. Ctrl-C ends, and nothing is written.")
        written = _written(interview, file, answers(interview, kept), environ)
    except (KeyboardInterrupt, EOFError):
        interview.say("\nNothing was written.")
        raise typer.Exit(ENDED) from None
    if not written:
        interview.say("Nothing was written.")
        raise typer.Exit(1)
    interview.step("Is all well?")
    code = doctor.run(os.environ, as_json=False)
    if code == doctor.RIGHT:
        interview.say("\nTo start the bot: make run")
    raise typer.Exit(code)


def platform_variables(
    interview: Interview,
    kept: Mapping[str, str],
    asked: Platforms,
    options: Mapping[str, Any],
    parts: Collection[str] | None = None,
) -> dict[str, str]:
    """What each platform asks for comes to. `options`: those of the command line, by name. `parts`: the
    platforms that are wanted, while the others stay as they are; `None`: nobody has said yet."""
    changes: dict[str, str] = {}
    for platform in asked:
        if parts is not None and platform.name not in parts:
            continue
        others = [name for each in asked if each is not platform for name in each.secrets]
        answers = Answers(
            kept=kept,
            given={name: options[name] for name in platform.secrets},
            wanted=True if parts is not None else options[platform.name],
            alone=not any(kept.get(name.upper()) for name in others),
        )
        changes |= load(platform.setup)(interview, answers)
    return changes


def _written(interview: Interview, file: EnvFile, changes: Changes, environ: Mapping[str, str]) -> bool:
    """Change the file as the person says, who sees first what changes; whether they wanted it."""
    interview.step(str(ENV_FILE))
    # What the environment says already need not stand in the file.
    changes = {name: value for name, value in changes.items() if not value or environ.get(name) != value}
    for name in changes:
        if name in environ:
            interview.say(
                f"{name} is set in the environment, too, which goes before {ENV_FILE}: unset it there."
            )
    difference = file.difference(changes, interview.settings)
    if not difference:
        interview.say("Nothing changes.")
        return True
    for line in difference:
        interview.say(f"  {line}")
    if file.lines or interview.asks:
        question = f"Change {file.path.absolute()}?" if file.lines else f"Write {file.path.absolute()}?"
        if not interview.sure(question, option="--yes", default=True):
            return False
    env_file.write(file.path, file.changed(changes))
    interview.say(f"{file.path.absolute()} is written; only you can read it.")
    return True
