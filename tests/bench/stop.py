"""How long a stop takes from the click or the word until the model's connection is closed, across processes.

Two installed programs on one Redis and one local Slack: the question goes to a connection of the first, the
click or the word that stops its answer to one of the second. `python -m tests.bench.stop`.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles

from aiohttp import web

from adapters.stores.redis.server import redis_client
from tests.scenarios.bot_process import bot_process
from tests.servers.model import ModelServer, counting
from tests.servers.slack import Message, SlackServer, User

Sockets = list[web.WebSocketResponse]
Stop = Callable[[SlackServer, User, Message], Awaitable[object]]
"""What a person does to stop the answer that this message shows."""

TIMES = 50
ENOUGH = 60.0
"""Seconds until something has gone wrong."""


async def click(slack: SlackServer, person: User, answer: Message) -> object:
    """The button below the growing answer."""
    return await slack.people.press(answer, person, "Stop")


async def word(slack: SlackServer, person: User, answer: Message) -> object:
    """The word in the answer's thread."""
    return await slack.people.say(answer.channel, person, "!stop", thread=answer.thread_ts, mention=True)


async def measure(stop: Stop, times: int = TIMES) -> list[float]:
    """Seconds from each stop to the end of the model's request."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with (
            SlackServer() as slack,
            ModelServer(counting(5000), pace=50) as model,
            redis_client("", folder / "redis"),
        ):
            environment = {
                "SLACK_BOT_TOKEN": slack.team.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
                "MODEL_URL": model.url,
                "REDIS_URL": f"unix://{folder}/redis/redis/redis.sock",
                "BOT_USER_QUOTA": "10000/hour",
                "LOG_LEVEL": "WARNING",
            }
            async with bot_process(folder, environment):
                await slack.until(lambda: slack.transports.hellos >= 2, timeout=ENOUGH)
                first = list(slack.transports.sockets)
                async with bot_process(folder, environment):
                    await slack.until(lambda: slack.transports.hellos >= 4, timeout=ENOUGH)
                    second = [each for each in slack.transports.sockets if each not in first]
                    ada = slack.add_user("Ada")
                    return [await _stopped(stop, slack, model, ada, (first, second)) for _ in range(times)]


async def _stopped(
    stop: Stop, slack: SlackServer, model: ModelServer, ada: User, processes: tuple[Sockets, Sockets]
) -> float:
    """Ask one process, stop in the other."""
    channel, sockets = slack.add_channel("counting"), slack.transports.sockets
    sockets[:] = processes[0]
    question = await slack.people.say(channel, ada, "Count.", mention=True)
    await slack.until(lambda: slack.answers(channel, question.ts), timeout=ENOUGH)
    sockets[:] = processes[1]
    [answer] = slack.answers(channel, question.ts)
    said = asyncio.get_running_loop().time()
    await stop(slack, ada, answer)
    await model.until(lambda: model.requests[-1].closed_at > 0, timeout=ENOUGH)
    return model.requests[-1].closed_at - said


def main() -> None:
    """Print the median and the 95th percentile of each way to stop."""
    for stop in (click, word):
        seconds = asyncio.run(measure(stop))
        p95 = quantiles(seconds, n=20)[-1]
        sys.stdout.write(
            f"stop by a {stop.__name__} in another process, {len(seconds)} times: "
            f"median {median(seconds):.3f} s, p95 {p95:.3f} s, slowest {max(seconds):.3f} s\n"
        )


if __name__ == "__main__":
    main()
