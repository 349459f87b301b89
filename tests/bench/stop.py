"""How long a stop takes from the word until the model's connection is closed, across processes.

Two installed programs on one Redis and one local Slack: the question goes to a connection of the first, the
word that stops its answer to one of the second. `python -m tests.bench.stop`.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

from aiohttp import web

from adapters.redis.server import redis_client
from tests.scenarios.bot_process import bot_process
from tests.servers.model import ModelServer, counting
from tests.servers.slack import SlackServer, User

Sockets = list[web.WebSocketResponse]

TIMES = 50
ENOUGH = 60.0
"""Seconds until something has gone wrong."""


async def measure(times: int = TIMES) -> list[float]:
    """Seconds from each word to the end of the model's request."""
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
                    return [await _stop(slack, model, ada, (first, second)) for _ in range(times)]


async def _stop(
    slack: SlackServer, model: ModelServer, ada: User, processes: tuple[Sockets, Sockets]
) -> float:
    """Ask one process, stop in the other."""
    channel, sockets = slack.add_channel("counting"), slack.transports.sockets
    sockets[:] = processes[0]
    question = await slack.people.say(channel, ada, "Count.", mention=True)
    await slack.until(lambda: slack.answers(channel, question.ts), timeout=ENOUGH)
    sockets[:] = processes[1]
    said = asyncio.get_running_loop().time()
    await slack.people.say(channel, ada, "!stop", thread=question.ts, mention=True)
    await model.until(lambda: model.requests[-1].closed_at > 0, timeout=ENOUGH)
    return model.requests[-1].closed_at - said


def main() -> None:
    """Print the median and the 95th percentile."""
    seconds = sorted(asyncio.run(measure()))
    sys.stdout.write(
        f"stop across processes, {len(seconds)} times: median {median(seconds):.3f} s, "
        f"p95 {quantiles(seconds, n=20)[-1]:.3f} s, slowest {seconds[-1]:.3f} s\n"
    )


if __name__ == "__main__":
    main()
