"""What is said in the closing lines of the tests."""

import pytest

from tests.browser.chromium import MISSING


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where everybody looks: a page that nobody opened was not tested."""
    if MISSING:
        terminalreporter.section("tests of the page in the browser", sep="=", red=True, bold=True)
        terminalreporter.line(f"They did NOT run. What is missing: {', '.join(MISSING)}.")
