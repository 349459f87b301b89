"""The terminal, as a platform to run."""

import os
import sys

from adapters.platforms.console.platform import ConsolePlatform
from adapters.platforms.console.translate import locale_in
from adapters.registration import Built, Needs
from adapters.variables import Variables


def build(_: Needs[Variables]) -> Built:
    """The program's own terminal or pipe, in the language of the environment."""
    terminal = ConsolePlatform(locale=locale_in(os.environ))

    def unanswered() -> bool:
        # At a terminal, whoever asked has seen it, and asks again.
        return terminal.unanswered and not sys.stdin.isatty()

    return Built(platform=terminal, interrupt=terminal.interrupt, unanswered=unanswered)
