"""Which workspaces the bot is in, and the token of each."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.platforms.slack.errors import entering, refusal

BOT_REFUSED = "Slack does not accept SLACK_BOT_TOKEN"
BOT_REMEDY = "Copy the Bot User OAuth Token (xoxb-…) from the app's OAuth & Permissions page."


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`id`: the team's, or the organisation's where the app was installed for all of it. `organisation`: the
    one that it belongs to, "" where it is none's."""

    id: str
    bot_token: str
    bot_user: str
    organisation: str = ""


class Workspaces(Protocol):
    """Where the bot was installed."""

    async def prepare(self, client: AsyncWebClient) -> None:
        """Learn at the start what has to be asked. Raises `SlackRefused`; `PlatformFailed`: try again."""

    async def find(self, workspace: str) -> Workspace | None:
        """The workspace of that id. Raises `StoreUnavailable` and the errors under `PlatformError`."""

    async def remove(self, workspace: str, told_at: float) -> None:
        """The bot was thrown out there, as Slack said at `told_at`, in seconds since 1970: forget its token.
        Raises `StoreUnavailable`."""


class OneWorkspace:
    """The workspace that a bot token belongs to: Slack says which one that is, and `find` waits for that."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._workspace: asyncio.Future[Workspace] = asyncio.Future()

    async def prepare(self, client: AsyncWebClient) -> None:
        with entering(f"{client.base_url}auth.test", what=BOT_REFUSED, remedy=BOT_REMEDY):
            who = await client.auth_test(token=self._token)
            place = "enterprise_id" if who.get("is_enterprise_install") else "team_id"
            for needed in (place, "user_id"):
                if not who.get(needed):
                    raise LookupError(needed)
            found = Workspace(
                id=who[place],
                bot_token=self._token,
                bot_user=who["user_id"],
                organisation=str(who.get("enterprise_id") or ""),
            )
        self._workspace.set_result(found)

    async def find(self, workspace: str) -> Workspace | None:
        found = await asyncio.shield(self._workspace)
        return found if found.id == workspace else None

    async def remove(self, workspace: str, told_at: float) -> None:
        """The operator's own token: only a new one helps, and until then every call says so."""


class Authorize(AsyncAuthorize):
    """Tells bolt who the bot is in a delivery's workspace, from what is stored: no call for each event."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(self, *, context: AsyncBoltContext, **_: object) -> AuthorizeResult:
        """Raises `Refused` where the bot is not installed."""
        found = await self._workspaces.find(workspace_of(context))
        if found is None:
            raise refusal("not_installed", 0)
        return AuthorizeResult(
            enterprise_id=context.enterprise_id,
            team_id=context.team_id,
            bot_token=found.bot_token,
            bot_user_id=found.bot_user,
        )


def workspace_of(context: AsyncBoltContext) -> str:
    """The workspace's id, or the organisation's where the app was installed for all of it."""
    return (context.enterprise_id if context.is_enterprise_install else context.team_id) or ""
