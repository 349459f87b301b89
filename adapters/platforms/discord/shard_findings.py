"""What the doctor finds of shards: how many there should be, and whether more sessions may begin."""

from collections.abc import Mapping
from typing import Any

from adapters.finding import Finding, ok, warning, wrong

NAME = "discord shards"

FEW = 0.1
"""The part of a day's sessions that should be left: nobody who starts a bot now and then uses up the rest."""

AGAIN = "Does something start the bot again and again? Its log says why it ends."


def shard_finding(gateway: Mapping[str, Any], *, count: int, ids: str) -> Finding:
    """Of what `GET /gateway/bot` answered, and the variables. Raises what comes of another shape."""
    advised, limit = int(gateway["shards"]), gateway["session_start_limit"]
    left, total = int(limit["remaining"]), int(limit["total"])
    said = f"Discord advises {advised}, and lets the bot begin {left} of {total} sessions a day"
    if not left:
        hours = int(limit["reset_after"]) / 3_600_000
        return wrong(NAME, f"{said}: no more for {hours:.1f} h.", AGAIN)
    if left < FEW * total:
        return warning(NAME, f"{said}.", AGAIN)
    if count and count < advised:
        return warning(
            NAME,
            f"{said}. DISCORD_SHARD_COUNT is {count}.",
            "Raise it to that in all processes, or remove it: the bot follows Discord's advice by itself.",
        )
    if count and not ids:
        return ok(NAME, f"{said}. DISCORD_SHARD_COUNT={count} is not needed: it follows that by itself.")
    return ok(NAME, f"{said}.")
