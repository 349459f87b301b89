"""The terminal, as a platform to run."""

from adapters.platforms.console.platform import ConsolePlatform
from adapters.registration import Built, Needs
from adapters.variables import Variables


def build(_: Needs[Variables]) -> Built:
    """The program's own terminal or pipe."""
    terminal = ConsolePlatform()
    return Built(platform=terminal, interrupt=terminal.interrupt)
