"""Many workspaces: installing over OAuth, and each one's token from the store, renewed before it is over."""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused, slack_errors
from adapters.platforms.slack.install_pages import INSTALL, REDIRECT, failure_page, success_page
from adapters.platforms.slack.manifest import SCOPES
from adapters.platforms.slack.states import States, TooMany
from adapters.platforms.slack.workspaces import Workspace
from bot.errors import PlatformError, PlatformFailed, StoreUnavailable
from bot.ports import Records

logger = logging.getLogger(__name__)

ROTATE_BEFORE = 3600
"""Seconds before a token is over when it is renewed; Slack's last twelve hours."""

ROTATING_SECONDS = 30
"""How long one process has for that: a refresh token works once."""

CACHED_SECONDS = 60.0
"""How long a process goes on with what it read: so long may it not know that it was thrown out."""

KEPT = ("app_id", "enterprise_id", "team_id", "is_enterprise_install", "bot_token", "bot_id", "bot_user_id",
        "bot_scopes", "bot_refresh_token", "bot_token_expires_at", "user_id", "installed_at")  # fmt: skip
"""What is kept of an installation: the bot's own, and nothing that could act for a person."""

CLOCKS = 5
"""Seconds by which Slack's clock and ours may differ."""

HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}


class Installations(AsyncInstallationStore):
    """The installations, as slack_sdk saves them and as the bot reads them: `Workspaces`."""

    def __init__(self, records: Records, *, client_id: str, client_secret: str) -> None:
        self._records = records
        self._client_id = client_id
        self._client_secret = client_secret
        self._client: AsyncWebClient | None = None
        self._cached: dict[str, tuple[Workspace, float]] = {}
        self._reading: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def prepare(self, client: AsyncWebClient) -> None:
        """Nothing has to be asked."""
        self._client = client

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation; an earlier one of the same workspace is replaced."""
        await self._save({name: getattr(installation, name, None) for name in KEPT})

    async def async_save_bot(self, bot: Bot) -> None:
        """slack_sdk saves the whole installation."""

    async def find(self, workspace: str) -> Workspace | None:
        async with self._reading[workspace]:  # whoever comes while a token is renewed gets the new one
            now = asyncio.get_running_loop().time()
            cached, until = self._cached.get(workspace, (None, 0.0))
            if cached is not None and until > now:
                return cached
            kept = await self._load(workspace)
            if kept is None:
                self._cached.pop(workspace, None)
                return None
            over = (kept.get("bot_token_expires_at") or float("inf")) - time.time()
            if over < ROTATE_BEFORE:
                kept = await self._renew(workspace, kept, over=over < 0)
            found = Workspace(
                id=workspace,
                bot_token=kept["bot_token"],
                bot_user=kept["bot_user_id"],
                organisation=kept.get("enterprise_id") or "",
            )
            self._cached[workspace] = found, now + CACHED_SECONDS
            return found

    async def remove(self, workspace: str, told_at: float) -> None:
        """A notice that comes late, or once more, does not end what was installed after it."""
        kept = await self._load(workspace)
        if kept is not None and kept["installed_at"] - CLOCKS <= told_at:
            self._cached.pop(workspace, None)
            await self._records.take(workspace)

    async def _renew(self, workspace: str, kept: dict[str, Any], *, over: bool) -> dict[str, Any]:
        """The installation with a new token; as it is, while that is good still and no new one can be had."""
        claim = f"rotating:{workspace}"
        if await self._records.claim(claim, ROTATING_SECONDS):
            try:
                return await self._rotate(kept)
            except PlatformError as error:
                await self._records.take(claim)
                if over and isinstance(error, Refused):
                    logger.warning("%s has to install the bot again: %s", workspace, error)
                if over:
                    raise
                logger.warning("the token of workspace %s was not renewed, trying on: %s", workspace, error)
        elif over:
            raise PlatformFailed("the token is being renewed")
        return kept

    async def _rotate(self, kept: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            raise PlatformFailed("the token can't be renewed yet")
        with slack_errors():
            fresh = await self._client.oauth_v2_access(
                client_id=self._client_id,
                client_secret=self._client_secret,
                grant_type="refresh_token",
                refresh_token=kept["bot_refresh_token"],
            )
        kept |= {
            "bot_token": fresh["access_token"],
            "bot_refresh_token": fresh["refresh_token"],
            "bot_token_expires_at": int(time.time()) + int(fresh["expires_in"]),
        }
        await self._save(kept)
        return kept

    async def _load(self, workspace: str) -> dict[str, Any] | None:
        stored = await self._records.load(workspace)
        return None if stored is None else json.loads(stored)

    async def _save(self, kept: dict[str, Any]) -> None:
        workspace = kept["enterprise_id"] if kept["is_enterprise_install"] else kept["team_id"]
        await self._records.save(workspace, json.dumps(kept))
        self._cached.pop(workspace, None)


class Installer:
    """The pages on which somebody installs the bot: `/slack/install` and, back from Slack's, the redirect."""

    def __init__(
        self, client: Client, store: Installations, states: States, *, client_id: str, client_secret: str
    ) -> None:
        self._client = client
        self._settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=list(SCOPES),
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            authorization_url=f"{client.url.removesuffix('api/')}oauth/v2/authorize",
            callback_options=AsyncCallbackOptions(success=self._show_success, failure=self._show_failure),
            install_page_rendering_enabled=False,
            installation_store=store,
            state_store=states,
        )

    def routes(self) -> Sequence[web.RouteDef]:
        """For the bot's HTTP server."""
        return [web.get(INSTALL, self._install), web.get(REDIRECT, self._redirect)]

    def _flow(self) -> AsyncOAuthFlow:
        return AsyncOAuthFlow(client=self._client.sdk, settings=self._settings)

    async def _install(self, request: web.Request) -> web.Response:
        return await self._answer(self._flow().handle_installation, request)

    async def _redirect(self, request: web.Request) -> web.Response:
        return await self._answer(self._flow().handle_callback, request)

    async def _answer(
        self, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: web.Request
    ) -> web.Response:
        try:
            return await to_aiohttp_response(await handle(await to_bolt_request(request)))
        except TooMany:
            logger.warning("installations come too fast: some were told to try again")
            return web.Response(status=429, text=failure_page("unavailable"), headers=HTML)
        except StoreUnavailable:
            logger.warning("an installation could not be kept: the store does not answer")
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            logger.warning("an installation failed: %s", type(error).__name__)
        return web.Response(status=503, text=failure_page("unavailable"), headers=HTML)

    async def _show_success(self, args: AsyncSuccessArgs) -> BoltResponse:
        logger.info("installed in workspace %s", args.installation.team_id or args.installation.enterprise_id)
        return self._page(200, success_page(args.installation.team_name or ""))

    async def _show_failure(self, args: AsyncFailureArgs) -> BoltResponse:
        if args.reason == "invalid_code":
            logger.warning(
                "Slack did not confirm an installation. If that happens again, compare SLACK_CLIENT_ID and "
                "SLACK_CLIENT_SECRET with the app's Basic Information page."
            )
        return self._page(args.suggested_status_code, failure_page(args.reason))

    def _page(self, status: int, page: str) -> BoltResponse:
        over = self._settings.state_utils.build_set_cookie_for_deletion()
        return BoltResponse(status=status, body=page, headers={**HTML, "Set-Cookie": over})
