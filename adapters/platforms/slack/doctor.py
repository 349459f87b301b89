"""Slack: whether it takes the tokens, and what it lets the bot do with them."""

import asyncio
from collections.abc import Awaitable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.finding import Checks, Finding, ok, warning, wrong
from adapters.platforms.slack.assembly import Credentials
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused, slack_errors
from adapters.platforms.slack.manifest import SCOPES
from adapters.platforms.slack.socket_mode import APP_REFUSED, APP_REMEDY
from adapters.platforms.slack.variables import SlackVariables
from adapters.platforms.slack.workspaces import BOT_REFUSED, BOT_REMEDY, OneWorkspace
from adapters.proxies import way_to
from adapters.variables import shown
from bot.errors import PlatformFailed, TooFast

BASE_REMEDY = "SLACK_API_URL must be a Web API's base, as https://slack.com/api/. Is a proxy before it?"


def checks(variables: SlackVariables) -> Checks:
    """Ask Slack with what is set."""
    credentials = Credentials(
        bot_token=shown(variables.slack_bot_token),
        app_token=shown(variables.slack_app_token),
        client_id=variables.slack_client_id,
    )
    return Checks(
        checks={"slack": check(credentials, variables.slack_api_url)},
        servers=[variables.slack_api_url or AsyncWebClient.BASE_URL],
    )


async def check(credentials: Credentials, api_url: str) -> list[Finding]:
    """Ask with each token that there is. Of Socket Mode it asks for an address, and does not connect."""
    client = Client(OneWorkspace(credentials.bot_token), api_url)
    try:
        bot, transport = await asyncio.gather(_bot(client, credentials), _transport(client, credentials))
    finally:
        await client.close()
    return [*bot, transport]


async def _bot(client: Client, credentials: Credentials) -> list[Finding]:
    name = "slack"
    if not credentials.bot_token:
        return [ok(name, "SLACK_CLIENT_ID: each workspace's token is checked when it is installed.")]
    who = await _ask(
        name,
        client.sdk.auth_test(token=credentials.bot_token),
        url=client.url,
        what=BOT_REFUSED,
        remedy=BOT_REMEDY,
    )
    if isinstance(who, Finding):
        return [who]
    if not who.get("team_id"):
        return [
            wrong(name, f"Something else answers in Slack's place. It came from {client.url}.", BASE_REMEDY)
        ]
    found = [ok(name, f"The bot is in the workspace {who.get('team')}.")]
    granted = {scope.strip() for scope in who.headers.get("x-oauth-scopes", "").split(",")} - {""}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not granted:
        found.append(ok("slack scopes", "Slack does not say which ones the token has."))
    elif missing:
        remedy = (
            "Add them under OAuth & Permissions, Bot Token Scopes, and install the app again; "
            "mixtral-bot slack-manifest prints a manifest that has them all."
        )
        found.append(wrong("slack scopes", f"SLACK_BOT_TOKEN lacks {', '.join(missing)}.", remedy))
    else:
        found.append(ok("slack scopes", "The token has all that the bot uses."))
    return found


async def _transport(client: Client, credentials: Credentials) -> Finding:
    name = "slack events"
    if not credentials.app_token:
        return ok(
            name, "They come over HTTP to /slack/events; SLACK_SIGNING_SECRET shows with the first one."
        )
    opened = await _ask(
        name,
        client.sdk.apps_connections_open(app_token=credentials.app_token),
        url=client.url,
        what=APP_REFUSED,
        remedy=APP_REMEDY,
    )
    return opened if isinstance(opened, Finding) else ok(name, "Slack opens a connection for Socket Mode.")


async def _ask(
    name: str, call: Awaitable[AsyncSlackResponse], *, url: str, what: str, remedy: str
) -> AsyncSlackResponse | Finding:
    """Its answer, or what is to be said of its failure; `what` and `remedy` where Slack refuses the token."""
    try:
        with slack_errors():
            return await call
    except Refused as refused:
        if refused.code == "html":
            return wrong(name, f"A web page answers in Slack's place. It came from {url}.", BASE_REMEDY)
        return wrong(name, f"{what} ({refused.code}).", remedy)
    except (LookupError, TypeError, AttributeError):
        return wrong(name, f"Something else answers in Slack's place. It came from {url}.", BASE_REMEDY)
    except TooFast as limited:
        return warning(name, f"Slack is {limited}.", "Wait for that long, then ask again.")
    except PlatformFailed as failed:
        return wrong(
            name,
            f"{failed}{way_to(url)}.",
            "Is there a network, and does a firewall let it through? The bot goes on trying.",
        )
