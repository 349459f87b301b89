"""Refusals of the table on order."""

from adapters.platforms.discord.refusals import REFUSALS
from tests.servers.discord import Fault

MESSAGES = "/channels/*/messages"


def refuse(code: int, *, method: str = "POST", path: str = MESSAGES, times: int | None = None) -> Fault:
    status = REFUSALS[code].status
    return Fault(method=method, path=path, status=status, code=code, retry_after=3600, times=times)
