"""What all tests share: the log as the program writes it, and what is said in the closing lines."""

import pytest

from adapters.logs import Lines
from tests.browser.chromium import MISSING


@pytest.fixture
def caplog(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """With errors as the program logs them."""
    caplog.handler.setFormatter(Lines("%(message)s"))
    return caplog


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where everybody looks: a page that nobody opened was not tested."""
    if MISSING:
        terminalreporter.section("tests of the page in the browser", sep="=", red=True, bold=True)
        terminalreporter.line(f"They did NOT run. What is missing: {', '.join(MISSING)}.")
