"""Slack put together from its parts: one workspace or many, over Socket Mode or HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from adapters.platforms.slack.answers import Answers
from adapters.platforms.slack.api import Api
from adapters.platforms.slack.controls import Controls
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.forms import Forms
from adapters.platforms.slack.gateway import Gateway, Transport
from adapters.platforms.slack.history import History
from adapters.platforms.slack.http import HttpTransport
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.installations import Installed, Installing, States
from adapters.platforms.slack.notices import Notices
from adapters.platforms.slack.people import People
from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.rooms import Rooms
from adapters.platforms.slack.signs import Signs
from adapters.platforms.slack.socket_mode import SocketMode
from adapters.platforms.slack.streams import Streaming, Streams
from adapters.platforms.slack.threads import Threads
from adapters.platforms.slack.variables import SlackVariables
from adapters.platforms.slack.workspaces import OneWorkspace, Workspaces
from adapters.registration import Built, Needs
from adapters.variables import shown
from bot.ports import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the operator was given by Slack: a bot token, or a client id and secret for many workspaces; an
    app token for Socket Mode, else a signing secret for HTTP."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""


def build(needs: Needs[SlackVariables]) -> Built:
    """Slack, with its installations in the store."""
    variables = needs.variables
    platform, routes = slack(
        Credentials(
            bot_token=shown(variables.slack_bot_token),
            app_token=shown(variables.slack_app_token),
            signing_secret=shown(variables.slack_signing_secret),
            client_id=variables.slack_client_id,
            client_secret=shown(variables.slack_client_secret),
        ),
        records=needs.records,
        history_days=needs.history_days,
        streaming=variables.slack_streaming,
        api_url=variables.slack_api_url,
    )
    return Built(platform=platform, routes=routes)


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
        transport = http = HttpTransport(credentials.signing_secret)
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
    inbox, rooms, files = Inbox(), Rooms(api), Files(api)
    people, notices = People(api, rooms), Notices(api, files)
    answers = Answers(inbox, notices)
    questions, threads = Questions(api, inbox, records), Threads(records, history_days)
    streams = Streams(api, streaming, people=people, inbox=inbox)
    forms = Forms(api=api, people=people, questions=questions, answers=answers, inbox=inbox)
    controls = Controls(
        api=api,
        people=people,
        rooms=rooms,
        threads=threads,
        forms=forms,
        questions=questions,
        answers=answers,
        inbox=inbox,
    )
    gateway = Gateway(
        api=api,
        workspaces=workspaces,
        people=people,
        rooms=rooms,
        controls=controls,
        forms=forms,
        transport=transport,
        inbox=inbox,
    )
    return SlackPlatform(
        api=api,
        gateway=gateway,
        streams=streams,
        signs=Signs(api),
        notices=notices,
        files=files,
        threads=threads,
        history=History(api, workspaces, people),
    )
