"""Discord, through discord.py.

`connection` logs in; `events` listens and `inbox` hands on what `translate` and `invocations` make of the
library's objects; `history` reads what was said in a thread. `controls` has the slash commands, which
`commands` lists, and `presses` takes in what `components`, `panel` and `forms` draw: `interactions` takes
both to the bot, `responses` answer them. `screen` shows answers and `telling` the rest, each message one of
`pieces`; `traffic` watches the requests, `limits` holds numbers; `platform` puts them together. `content`
is what can be read in a message, `refusals` the table of what Discord refuses, of which `faults` makes the
bot's errors.
"""

from adapters.platforms.discord.variables import DiscordVariables, on
from adapters.registration import Registration

PLATFORM = Registration(
    name="discord",
    title="Discord",
    variables=DiscordVariables,
    prefix="DISCORD_",
    on=on,
    build="adapters.platforms.discord.assembly:build",
    credentials="DISCORD_TOKEN",
    checks="adapters.platforms.discord.doctor:checks",
    setup="adapters.platforms.discord.setup:ask",
    secrets={"discord_token": "The bot's token."},
    commands="adapters.platforms.discord.command_line:register",
    quiet=("discord",),
    libraries=("discord.py",),
)
