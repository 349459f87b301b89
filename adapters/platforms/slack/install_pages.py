"""The pages that a browser shows at the end of an installation, in words. Pure."""

import html
from collections.abc import Mapping

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"

AGAIN = "This page was opened a second time, too late, or in another browser. Nothing was changed."

WHY: Mapping[str, str] = {
    "access_denied": "It was not allowed in Slack. Nothing was changed.",
    "invalid_browser": AGAIN,
    "invalid_state": AGAIN,
    "missing_code": AGAIN,
    "invalid_code": "Slack did not confirm the installation. Nothing was changed.",
    "unavailable": "That did not work just now. Nothing was changed.",
}
"""By Slack's or slack_bolt's word for why it did not work."""


def success_page(team: str) -> str:
    """The bot is in the workspace of that name."""
    where = f" in {html.escape(team)}" if team else ""
    return _page(
        f"Mixtral is installed{where}",
        "Go back to Slack and write to it, or bring it into a channel with <code>/invite @Mixtral</code>.",
    )


def failure_page(reason: str) -> str:
    """It is not, and why."""
    why = WHY.get(reason) or f"Slack says: {html.escape(reason)}. Nothing was changed."
    return _page("Mixtral was not installed", f'{why} <a href="{INSTALL}">Begin again</a>')


def _page(title: str, text: str) -> str:
    style = "body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto }"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )
