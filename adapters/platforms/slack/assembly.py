"""Slack put together from its parts: one workspace or many, over Socket Mode or HTTP."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from adapters.away import Away
from adapters.platforms.slack.agent_status import AgentStatus
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.controls import Controls
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.forms import Forms
from adapters.platforms.slack.gateway import Gateway, Transport
from adapters.platforms.slack.history import History
from adapters.platforms.slack.http import HttpTransport
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.installations import Installations, Installer
from adapters.platforms.slack.limits import CONNECTIONS
from adapters.platforms.slack.missed import Missed
from adapters.platforms.slack.notifier import Notifier
from adapters.platforms.slack.orphans import Orphans
from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.slack.questions import Questions
from adapters.platforms.slack.responses import Responses
from adapters.platforms.slack.socket_mode import SocketMode
from adapters.platforms.slack.states import States
from adapters.platforms.slack.streams import Streaming, Streams
from adapters.platforms.slack.users import Users
from adapters.platforms.slack.variables import SlackVariables
from adapters.platforms.slack.workspaces import OneWorkspace, Workspaces
from adapters.registration import Built, Needs
from adapters.variables import shown
from bot.ports import Budget, Leases, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the operator was given by Slack: a bot token, or a client id and secret for many workspaces; an
    app token for Socket Mode, else a signing secret for HTTP."""

    bot_token: str = ""
    app_token: str = ""
    signing_secret: str = ""
    client_id: str = ""
    client_secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What all processes of the bot share: who has which of the `connections`, given to others as soon as
    this one is `leaving`, and how much is read."""

    leases: Leases
    leaving: asyncio.Event
    budget: Budget
    connections: int = CONNECTIONS


def build(needs: Needs[SlackVariables]) -> Built:
    """Slack, with its installations in the store."""
    variables = needs.variables
    away = Away(records=needs.records, latest=needs.latest, seconds=needs.catch_up)
    platform, routes = slack(
        Credentials(
            bot_token=shown(variables.slack_bot_token),
            app_token=shown(variables.slack_app_token),
            signing_secret=shown(variables.slack_signing_secret),
            client_id=variables.slack_client_id,
            client_secret=shown(variables.slack_client_secret),
        ),
        records=needs.records,
        fleet=Fleet(leases=needs.leases, leaving=needs.leaving, budget=needs.budget),
        away=away if needs.catch_up else None,
        streaming=variables.slack_streaming,
        api_url=variables.slack_api_url,
    )
    return Built(platform=platform, routes=routes, connected=lambda: platform.connected)


def slack(
    credentials: Credentials,
    *,
    records: Records,
    fleet: Fleet,
    away: Away | None = None,
    streaming: Streaming = "auto",
    api_url: str = "",
) -> tuple[SlackPlatform, Sequence[web.RouteDef]]:
    """The platform, and the routes that it needs on the bot's HTTP server."""
    routes: list[web.RouteDef] = []
    workspaces: Workspaces
    if credentials.client_id:
        ids = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
        workspaces = installed = Installations(records, **ids)
        client = Client(workspaces, api_url)
        routes += Installer(client, installed, States(records, ids["client_secret"]), **ids).routes()
    else:
        workspaces = OneWorkspace(credentials.bot_token)
        client = Client(workspaces, api_url)
    transport: Transport
    if credentials.app_token:
        transport = SocketMode(credentials.app_token, fleet.leases, fleet.leaving, most=fleet.connections)
    else:
        transport = http = HttpTransport(credentials.signing_secret)
        routes += http.routes()
    missed = Missed(client, away, fleet.budget)
    platform = assemble(
        client,
        workspaces,
        transport,
        records=records,
        missed=missed,
        budget=fleet.budget,
        streaming=streaming,
    )
    return platform, routes


def assemble(
    client: Client,
    workspaces: Workspaces,
    transport: Transport,
    *,
    records: Records,
    missed: Missed,
    budget: Budget,
    streaming: Streaming = "auto",
) -> SlackPlatform:
    """The platform over a way to call Slack and one to be called by it."""
    inbox, channels, files = Inbox(), Channels(client), Files(client)
    users, notifier = Users(client, channels, budget), Notifier(client, files)
    responses = Responses(inbox, notifier)
    questions = Questions(client, inbox, records)
    streams = Streams(client, streaming, users=users, inbox=inbox)
    forms = Forms(client=client, users=users, questions=questions, responses=responses, inbox=inbox)
    controls = Controls(
        client=client,
        users=users,
        channels=channels,
        forms=forms,
        questions=questions,
        responses=responses,
        inbox=inbox,
    )
    gateway = Gateway(
        client=client,
        workspaces=workspaces,
        users=users,
        channels=channels,
        controls=controls,
        forms=forms,
        transport=transport,
        files=files,
        inbox=inbox,
        missed=missed,
    )
    return SlackPlatform(
        client=client,
        gateway=gateway,
        streams=streams,
        status=AgentStatus(client),
        notifier=notifier,
        files=files,
        history=History(client, workspaces, users, budget),
        orphans=Orphans(client, workspaces),
    )
