"""Installing over OAuth: the page that asks a person, and the exchange of codes and refresh tokens."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import encode_basic_auth, web

from tests.servers.slack.world import No, Payload, Team, World


class OAuth:
    """`consents`: the workspace whose admin agrees next, `None` for one who does not. `rotation`: seconds
    until tokens are over, 0 for never. `asked`: the scopes that the person was shown."""

    def __init__(self, world: World, *, client_id: str, client_secret: str) -> None:
        self._world = world
        self.client_id, self.client_secret = client_id, client_secret
        self.redirect_url = ""
        self.consents: Callable[[], Team | None] = lambda: None
        self.asked = ""
        self.rotation = 0
        self.rotated = 0
        self._codes: dict[str, Team] = {}

    async def authorize(self, request: web.Request) -> web.Response:
        """The person has read the page, and agrees or does not."""
        if request.query.get("client_id") != self.client_id:
            return web.Response(status=400)
        self.asked, team = request.query["scope"], self.consents()
        answer = {"error": "access_denied"}
        if team is not None:
            code = f"code-{self._world.number()}"
            self._codes[code] = team
            answer = {"code": code}
        back = urlencode({**answer, "state": request.query["state"]})
        raise web.HTTPFound(f"{request.query.get('redirect_uri') or self.redirect_url}?{back}")

    def access(self, body: Payload, authorization: str) -> Payload:
        """`oauth.v2.access`: a code or a refresh token, each good once, for a token."""
        given = body.get("client_id"), body.get("client_secret")
        known = self.client_id, self.client_secret
        if given != known and authorization != encode_basic_auth(*known):
            raise No("bad_client_secret")
        if body.get("grant_type") == "refresh_token":
            team = next(
                (one for one in self._world.teams.values() if one.refresh_token == body["refresh_token"]),
                None,
            )
            if team is None:
                raise No("invalid_refresh_token")
            self.rotated += 1
        else:
            found = self._codes.pop(body["code"], None)
            if found is None:
                raise No("invalid_code")
            team = found
        team.bot_token = f"xoxb-{team.id}-{self._world.number()}"
        team.installed, team.scopes = True, tuple(self.asked.split(","))
        answer: Payload = {
            "access_token": team.bot_token,
            "token_type": "bot",
            "scope": self.asked,
            "bot_user_id": team.bot_user,
            "app_id": "A1",
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": "U0INSTALLER"},
        }
        if self.rotation:
            team.refresh_token = f"xoxe-1-{team.id}-{self._world.number()}"
            team.token_over_at = time.time() + self.rotation
            answer |= {"expires_in": self.rotation, "refresh_token": team.refresh_token}
        return answer
