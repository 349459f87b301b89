"""Slack: an app made from the manifest, and its two tokens."""

import json
from urllib.parse import quote

import yaml

from adapters.finding import Finding
from adapters.platforms.slack.assembly import Credentials
from adapters.platforms.slack.doctor import check
from adapters.platforms.slack.manifest import manifest
from adapters.registration import Answers, Interview

PORTAL = "https://api.slack.com/apps?new_app=1"
BOT, APP = "xoxb-", "xapp-"
"""How the tokens begin: each is often pasted in the other's place."""


def ask(interview: Interview, answers: Answers) -> dict[str, str]:
    """The variables of it."""
    interview.step("Slack")
    kept, wanted = answers.kept, answers.wanted
    bot_token, app_token = (answers.given.get(name, "") for name in ("slack_bot_token", "slack_app_token"))
    if kept.get("SLACK_SIGNING_SECRET") or kept.get("SLACK_CLIENT_ID"):
        interview.say("Slack is set up over HTTP or for many workspaces: that stays as it is.")
        return {}
    if wanted is None and not bot_token and not app_token:
        wanted = interview.sure(
            "Shall the bot answer on Slack?",
            option="--slack or --no-slack",
            default=bool(kept.get("SLACK_BOT_TOKEN")),
        )
    if wanted is False:
        return {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": ""}
    if interview.asks and not bot_token:
        content = manifest("socket")
        interview.say(yaml.safe_dump(content, sort_keys=False))
        interview.say("Make a new app here, from a manifest: the one above. Then press Install to Workspace.")
        interview.page(PORTAL, opened=f"{PORTAL}&manifest_json={quote(json.dumps(content))}")
        interview.say("Its page OAuth & Permissions then has the Bot User OAuth Token.")
    api_url = kept.get("SLACK_API_URL", "")

    async def check_bot(typed: str) -> list[Finding]:
        return (await check(Credentials(bot_token=typed), api_url))[:-1]

    async def check_app(typed: str) -> list[Finding]:
        return (await check(Credentials(app_token=typed), api_url))[-1:]

    bot = interview.secret(
        "SLACK_BOT_TOKEN",
        given=bot_token,
        kept=kept.get("SLACK_BOT_TOKEN", ""),
        option="--slack-bot-token",
        check=check_bot,
        begins=BOT,
    )
    if interview.asks and not app_token:
        interview.say(
            "Its page Basic Information has App-Level Tokens: make one with the scope connections:write."
        )
    app = interview.secret(
        "SLACK_APP_TOKEN",
        given=app_token,
        kept=kept.get("SLACK_APP_TOKEN", ""),
        option="--slack-app-token",
        check=check_app,
        begins=APP,
    )
    return {"SLACK_BOT_TOKEN": bot, "SLACK_APP_TOKEN": app}
