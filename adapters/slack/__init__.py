"""Slack, through slack-bolt and slack-sdk.

`deliveries` takes in what Slack hands over, by `socket_mode` or `http`; `translate` and `text` make the bot's
values of it, `people` knows names, `controls` and `views` hold the command, buttons and forms. `platform`
shows answers through `api`, streamed natively where `streams` can, with the sign of thinking from `signs`.
`workspaces` and `installations` know the tokens, `pages` tell a browser how an installation went. `manifest`
is what Slack is told, `faults` names errors, `limits` holds numbers.
"""
