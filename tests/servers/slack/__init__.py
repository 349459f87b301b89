"""A local Slack for one app in one workspace or many, for the real slack-bolt and slack-sdk: the Web API with
Slack's limits and refusals, Socket Mode, signed HTTP, OAuth, native streams that die, forms and buttons."""

from tests.servers.slack.server import ApiCall, Fault, SlackServer
from tests.servers.slack.world import Channel, Message, Team, User, View

__all__ = ["ApiCall", "Channel", "Fault", "Message", "SlackServer", "Team", "User", "View"]
