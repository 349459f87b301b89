"""Discord's variables."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from adapters.variables import Form, Switch, Token, Variables, WrongPart, addressed, elements

MOST_SHARDS = 16_384

SPAN = re.compile(r"\d{1,5}(-\d{1,5})?", re.ASCII)


def numbers(ids: str) -> frozenset[int]:
    """The shards that are written as in `0-3,7`. Raises `ValueError` where a part ends before it begins."""
    listed: set[int] = set()
    for part in filter(None, ids.split(",")):
        first, _, last = part.partition("-")
        span = range(int(first), int(last or first) + 1)
        if not span:
            raise ValueError
        listed.update(span)
    return frozenset(listed)


def _numbered(ids: str) -> str:
    for place, part in enumerate(elements(ids), 1):
        if not SPAN.fullmatch(part):
            raise WrongPart(f"element {place} is no number and no two with - between them")
        try:
            numbers(part)
        except ValueError as error:
            raise WrongPart(f"element {place} ends before it begins") from error
    return ids


class DiscordVariables(Variables):
    """The token turns it on."""

    first = ("discord_token",)

    discord_token: Token = Field(None, description="turns Discord on")
    discord_api_url: Annotated[
        str,
        StringConstraints(pattern=r"^(https?://\S+/api/v\d+/?)?$"),
        AfterValidator(addressed),
        Form("a URL that ends in /api/v10"),
    ] = Field("", description="another base of Discord's REST API, a proxy say; unset: Discord's own")
    discord_gateway_url: Annotated[
        str,
        StringConstraints(pattern=r"^(wss?://\S+)?$"),
        AfterValidator(addressed),
        Form("a URL that begins with ws:// or wss://"),
    ] = Field("", description="another gateway; unset: Discord's own")
    discord_message_content: Switch = Field(
        False, description="the privileged intent: follow-ups in the bot's threads need no mention"
    )
    discord_shard_count: Annotated[
        int, Field(ge=0, le=MOST_SHARDS), Form(f"a whole number from 1 to {MOST_SHARDS}, or 0 for Discord's")
    ] = Field(
        0,
        description="parts that all servers are divided into, in all processes alike; 0: as Discord advises",
    )
    discord_shard_ids: Annotated[
        str,
        AfterValidator(_numbered),
        Form("numbers of shards with commas between them", "0-3,7", several=True),
    ] = Field("", description="the shards of this process alone; unset: all processes share them out")
    discord_threads: Switch = Field(False, description="answer a mention in a channel in a new thread")


def on(variables: DiscordVariables) -> bool:
    """Whether Discord is turned on."""
    return variables.discord_token is not None


def incomplete(variables: DiscordVariables) -> list[str]:
    """A line for each that is not all there."""
    count, ids = variables.discord_shard_count, numbers(variables.discord_shard_ids)
    if ids and not count:
        return ["DISCORD_SHARD_IDS needs DISCORD_SHARD_COUNT, the same in all processes: set it, too."]
    if ids and max(ids) >= count:
        return [f"DISCORD_SHARD_IDS goes up to {count - 1}, as DISCORD_SHARD_COUNT is {count}."]
    return []
