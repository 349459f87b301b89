"""Discord, through discord.py.

`client` logs in, and connects for each `shard` that the process has: `shards` has them by lease, of a
`shard_count` that all processes agree on, beginning as fast as `identifies` lets it, and `listening` puts
together what each is heard with: `gateway` listens, passing over what `parsing` can't read, and `inbox` hands
on what `translate` and `interaction_events` make of the library's objects: `content` is what can be read in a
message, `references` what it points at, `text` its words. `missed` reads what was said since a shard was last
`heard`, where there are `news`, in front of what is said now (`turns`). `history` reads what was said in a
thread and what is linked. `controls` has the slash commands, which `commands` lists, and
`component_interactions` takes in what people do with what `draw` has drawn: `interactions` takes both to the
bot, `responses` answer them. `answers` shows answers, in `threads` where that is wanted, and `notifier` what
the bot says itself; `message_names` says where each message stands. `calls` makes the requests, `errors` and
`refusals` say what goes wrong in them, `limits` holds numbers; `platform` puts them together.
"""

from adapters.platforms.discord.variables import DiscordVariables, incomplete, on
from adapters.registration import Registration

PLATFORM = Registration(
    name="discord",
    title="Discord",
    variables=DiscordVariables,
    prefix="DISCORD_",
    on=on,
    incomplete=incomplete,
    build="adapters.platforms.discord.assembly:build",
    credentials="DISCORD_TOKEN",
    checks="adapters.platforms.discord.doctor:checks",
    setup="adapters.platforms.discord.setup:ask",
    secrets={"discord_token": "The bot's token."},
    commands="adapters.platforms.discord.command_line:register",
    quiet=("discord",),
    libraries=("discord.py",),
)
