"""Slack, through slack-bolt and slack-sdk.

`gateway` takes in what Slack hands over, by `socket_mode`, over its `sockets`, or by `http`; `translate`,
`content` and `text` make the bot's values of it, `users` knows who it is from, `channels` where, and `inbox`
hands it to the bot. `controls` and `forms` take what people press and fill in, and `responses` gives them
what comes of it in the time that Slack waits; `questions` puts into a channel what is asked there.

`platform` shows answers through `client`, streamed natively where `streams` can, with the sign of thinking
from `agent_status`; `missed` reads what was said while the bot was away, at the pace of `paced_reads`;
`orphans` finds messages that a process which died has left, `history` reads what others said. `notifier` says
what the bot says itself, `files` reads and hands over, `draw` draws messages, `modals` the forms and the home
page.

`workspaces` and `installations` know the tokens, `install_pages` what a browser shows of that, `manifest`
what Slack is told; `refusals` is the table of what Slack refuses, `errors` makes the bot's own errors of it,
and `limits` holds numbers.
"""

from adapters.platforms.slack.variables import SlackVariables, incomplete, on
from adapters.registration import Registration

PLATFORM = Registration(
    name="slack",
    title="Slack",
    variables=SlackVariables,
    prefix="SLACK_",
    on=on,
    incomplete=incomplete,
    build="adapters.platforms.slack.assembly:build",
    credentials="SLACK_BOT_TOKEN and SLACK_APP_TOKEN",
    checks="adapters.platforms.slack.doctor:checks",
    setup="adapters.platforms.slack.setup:ask",
    secrets={"slack_bot_token": "The bot's token, xoxb-…", "slack_app_token": "The app-level token, xapp-…"},
    commands="adapters.platforms.slack.command_line:register",
    silent=("slack_bolt", "slack_sdk"),
    libraries=("slack-bolt", "slack-sdk"),
)
