"""A bot that is away for some minutes, while people write on Discord and on Slack.

    python -m tests.chaos.away --minutes 5

It knows 20 channels and 10 private conversations on each. While it is away 40 messages are written there:
questions, of which some are edited, some deleted and some more than a quarter of an hour old, and what is
not for the bot; some of Slack's are handed over when it is back, of the others nobody is told. It ends with 1
where one of those that are to be answered is lost, doubled, cut, out of its order or without the line that
says that it is late, or where anything else is answered; and it says how many requests were made to read
them.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.fleet import Fleet
from tests.chaos.outcome import Asked, Outcome, Platform, outcome, quiet
from tests.chaos.places import OnDiscord, OnSlack, Question
from tests.chaos.run import asking, local_model, on_discord, on_slack
from tests.chaos.store import local_store
from tests.servers.discord import DiscordServer
from tests.servers.slack import SlackServer
from tests.servers.slack.server import ApiCall

CONVERSATIONS = [number for number in range(40) if number % 4 != 2]
"""On each platform: 20 in channels and 10 in private."""

MESSAGES = 40
"""That are written on each platform meanwhile."""

LONG_AGO, TOO_OLD = 60.0, 20.0
"""Minutes since the bot was there, and since what gets no answer any more was written."""

LINE = "Asked while I was away"

ANOTHER = 10_000
"""Between the numbers of a question before it was edited and after."""


class Fate(Enum):
    """What becomes of a message. `AGAIN`: Slack hands it over when the bot is back."""

    ASKED = "asked"
    EDITED = "edited"
    DELETED = "deleted"
    OLD = "old"
    OVERHEARD = "overheard"
    AGAIN = "handed over again"


FATES = (
    Fate.ASKED,
    Fate.EDITED,
    Fate.ASKED,
    Fate.DELETED,
    Fate.ASKED,
    Fate.OLD,
    Fate.ASKED,
    Fate.OVERHEARD,
    Fate.AGAIN,
)
"""In turn: of two messages in one place each has another."""


class ReadOnSlack(OnSlack):
    """Slack, where what nobody was told of counts like anything else: it can be read."""

    def handed_over(self) -> Callable[[Question], float | None]:
        return lambda question: question.at


@dataclass(slots=True, kw_only=True)
class Scene:
    """`unheard`: Slack tells nobody what is said now. `asked`: what is to be answered, `late`: the tags of
    those of which nobody was told; `unwanted`: what is not to be answered."""

    discord: DiscordServer
    slack: SlackServer
    unheard: bool = False
    asked: Asked = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    unwanted: dict[str, tuple[Platform, Question]] = field(default_factory=dict)
    written: int = 0

    def tag(self) -> str:
        self.written += 1
        return f"q{self.written}"

    def date(self, minutes_ago: float) -> None:
        """From now on it is so long ago."""
        self.discord.world.minutes_ago = self.slack.world.minutes_ago = minutes_ago


async def away(minutes: float, folder: Path) -> tuple[bool, Mapping[str, object]]:
    """Whether something happened that must not, and all that did."""
    async with (
        local_model(pace=80.0) as model,
        DiscordServer(minutes_ago=LONG_AGO) as discord,
        SlackServer() as slack,
        local_store(folder) as store,
        Fleet(
            folder,
            {**on_discord(discord), **on_slack(slack), **asking(model), "REDIS_URL": store.url},
            size=1,
        ) as fleet,
    ):
        scene = Scene(discord=discord, slack=slack)
        platforms = (
            OnDiscord(discord, [discord.world.guild], lambda: False),
            ReadOnSlack(slack, lambda: scene.unheard),
        )
        scene.date(LONG_AGO)
        await fleet.start_all()
        await discord.connected()
        await slack.until(lambda: slack.transports.hellos, timeout=60)
        for platform in platforms:
            for conversation in CONVERSATIONS:
                tag = scene.tag()
                scene.asked[tag] = platform, await platform.ask(conversation, tag)
        await quiet(platforms, scene.asked)
        await fleet.drain(0)
        await _write(scene, platforms, minutes * 60)
        requests, calls, begun = len(discord.edge.requests), len(slack.calls), _now()
        await fleet.start_all()
        await quiet(platforms, scene.asked)
        seen = outcome(model, platforms, scene.asked, fleet=fleet, faults=())
        wrong, report = _judge(scene, platforms, seen)
        last = max(at for platform in platforms for each in platform.shown() for at, _ in each.texts)
        reading = {
            "discord": Counter(
                f"{each.method} {each.route}"
                for each in discord.edge.requests[requests:]
                if each.method == "GET" and "messages" in each.route
            ),
            "slack": Counter(each.method for each in slack.calls[calls:] if _reads_what_was_missed(each)),
        }
        all_calls = {"discord": len(discord.edge.requests) - requests, "slack": len(slack.calls) - calls}
        return wrong, {
            **report,
            "reading": reading,
            "requests": all_calls,
            "answered within": round(last - begun, 1),
        }


async def _write(scene: Scene, platforms: Sequence[Platform], seconds: float) -> None:
    """Have all messages written within so many seconds; what is to be old at first."""
    scene.date(TOO_OLD)
    numbered = list(enumerate(fate for number, fate in enumerate(FATES * MESSAGES) if number < MESSAGES))
    for number, fate in numbered:
        if fate is Fate.OLD:
            await _write_one(scene, platforms, number, fate)
    scene.date(0)
    for number, fate in numbered:
        if fate is not Fate.OLD:
            await _write_one(scene, platforms, number, fate)
        await asyncio.sleep(seconds / MESSAGES)


async def _write_one(scene: Scene, platforms: Sequence[Platform], number: int, fate: Fate) -> None:
    conversation = CONVERSATIONS[number % len(CONVERSATIONS)]
    for platform in platforms:
        tag = scene.tag()
        scene.unheard = fate is not Fate.AGAIN
        anew = fate in (Fate.AGAIN, Fate.OVERHEARD) or number % 2 == 1
        said = await platform.ask(conversation, tag, mention=fate is not Fate.OVERHEARD, anew=anew)
        match fate:
            case Fate.EDITED:
                scene.unwanted[tag] = platform, said
                said = await platform.edit(said, f"q{ANOTHER + scene.written}")
            case Fate.DELETED:
                await platform.delete(said)
        if fate in (Fate.DELETED, Fate.OLD, Fate.OVERHEARD):
            scene.unwanted[tag] = platform, said
            continue
        scene.asked[said.tag] = platform, said
        if fate is not Fate.AGAIN:
            scene.late.add(said.tag)


def _judge(scene: Scene, platforms: Sequence[Platform], seen: Outcome) -> tuple[bool, Mapping[str, object]]:
    shown = [(platform, each) for platform in platforms for each in platform.shown()]
    not_for_the_bot = {(platform, said.name) for platform, said in scene.unwanted.values()} - {
        (platform, said.name) for platform, said in scene.asked.values()
    }
    unwanted = sorted(
        each.tag or each.texts[-1][1]
        for platform, each in shown
        if each.tag in scene.unwanted or (platform, each.answers) in not_for_the_bot
    )
    with_line = {each.tag for _, each in shown if LINE in each.texts[-1][1]}
    without_line = sorted(scene.late - with_line)
    report = {
        **seen.report(),
        "late": len(scene.late),
        "unwanted": unwanted,
        "without the line": without_line,
    }
    return bool(seen.wrong or unwanted or without_line), report


def _reads_what_was_missed(call: ApiCall) -> bool:
    """What was said before a question is asked for up to that, whether it still stands alone, and what a
    process that died has left with what it carries unseen."""
    if call.method == "conversations.history":
        return True
    unlike = call.arguments.keys() & {"latest", "include_all_metadata"}
    return call.method == "conversations.replies" and not unlike and int(call.arguments["limit"]) > 1


def _now() -> float:
    return asyncio.get_running_loop().time()


def main() -> None:
    """One run; exit with 1 where something happened that must not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5)
    asked = parser.parse_args()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        wrong, report = asyncio.run(away(asked.minutes, Path(folder)))
    print(json.dumps(report))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
