"""Slack put together from its parts: one workspace or many, over Socket Mode or HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from adapters.platforms.slack.api import Api
from adapters.platforms.slack.controls import Controls
from adapters.platforms.slack.deliveries import Deliveries, Transport
from adapters.platforms.slack.entrance import Entrance
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.forms import Forms
from adapters.platforms.slack.history import History
from adapters.platforms.slack.http import HttpDeliveries
from adapters.platforms.slack.installations import Installed, Installing, Records, States
from adapters.platforms.slack.notices import Notices
from adapters.platforms.slack.people import People
from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.rooms import Rooms
from adapters.platforms.slack.signs import Signs
from adapters.platforms.slack.socket_mode import SocketMode
from adapters.platforms.slack.streams import Streaming, Streams
from adapters.platforms.slack.threads import Threads
from adapters.platforms.slack.workspaces import OneWorkspace, Workspaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the operator was given by Slack: a bot token, or a client id and secret for many workspaces; an
    app token for Socket Mode, else a signing secret for HTTP."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""


def slack(
    credentials: Credentials,
    *,
    records: Records,
    history_days: int,
    streaming: Streaming = "auto",
    api_url: str = "",
) -> tuple[SlackPlatform, Sequence[web.RouteDef]]:
    """The platform, and the routes that it needs on the bot's HTTP server."""
    routes: list[web.RouteDef] = []
    workspaces: Workspaces
    if credentials.client_id:
        ids = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
        workspaces = installed = Installed(records, **ids)
        api = Api(workspaces, api_url)
        routes += Installing(api, installed, States(records), **ids).routes()
    else:
        workspaces = OneWorkspace(credentials.bot_token)
        api = Api(workspaces, api_url)
    transport: Transport
    if credentials.app_token:
        transport = SocketMode(credentials.app_token)
    else:
        transport = http = HttpDeliveries(credentials.signing_secret)
        routes += http.routes()
    platform = assembled(
        api, workspaces, transport, records=records, history_days=history_days, streaming=streaming
    )
    return platform, routes


def assembled(
    api: Api,
    workspaces: Workspaces,
    transport: Transport,
    *,
    records: Records,
    history_days: int,
    streaming: Streaming = "auto",
) -> SlackPlatform:
    """The platform over a way to call Slack and one to be called by it."""
    entrance, rooms, files = Entrance(), Rooms(api), Files(api)
    people, notices = People(api, rooms), Notices(api, files)
    questions, threads = Questions(api, entrance), Threads(records, history_days)
    streams = Streams(api, streaming, people=people, entrance=entrance)
    forms = Forms(api=api, people=people, questions=questions, notices=notices, entrance=entrance)
    controls = Controls(
        api=api,
        people=people,
        rooms=rooms,
        threads=threads,
        forms=forms,
        questions=questions,
        notices=notices,
        entrance=entrance,
    )
    deliveries = Deliveries(
        api=api,
        workspaces=workspaces,
        people=people,
        rooms=rooms,
        controls=controls,
        forms=forms,
        transport=transport,
        entrance=entrance,
    )
    return SlackPlatform(
        api=api,
        deliveries=deliveries,
        streams=streams,
        signs=Signs(api),
        notices=notices,
        files=files,
        threads=threads,
        history=History(api, workspaces, people),
    )
