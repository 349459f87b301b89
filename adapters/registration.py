"""What a platform says of itself: all that configuration, composition and commands know of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from adapters.variables import Variables

# Help on a command comes without what only a bot that runs needs.
if TYPE_CHECKING:
    import asyncio

    from aiohttp import web

    from adapters.finding import Finding
    from adapters.first_steps import FirstSteps
    from bot.conversation.events import ChannelRef
    from bot.ports import Budget, Leases, Platform, Records

V = TypeVar("V", bound=Variables)

Heed = Callable[[str, "ChannelRef", int, float], None]
"""Takes how many calls a bucket has left in a channel, and the seconds until its window opens again."""


class Latest(Protocol):
    """`bot.ports.Conversations.latest` of one platform."""

    async def __call__(self, *, private: bool, most: int) -> "Sequence[ChannelRef]":
        """The latest conversations of a day, the private ones or the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs(Generic[V]):
    """What a platform is built from. `heed` wants to know what the platform says of its limits,
    and `count` of each request that counts for the whole bot and did not wait for its turn. `leases`:
    what one process alone may hold there, which it gives to others as soon as it is `leaving`: running
    answers end after that. `budget`: what all processes do together. `latest`: where people spoke to the bot
    there. `first_steps`: what whoever runs the bot may do there to give it a model; `None`: it has one, or
    nobody could be told how. `catch_up`: seconds back to which the platform reads what was said while the
    bot was away; 0.0 where it does not. `servers` and `roles`: ids of those that the operator lets in."""

    variables: V
    records: "Records"
    leases: "Leases"
    leaving: "asyncio.Event"
    budget: "Budget"
    latest: Latest
    catch_up: float
    history_days: int
    heed: Heed
    count: Callable[[], None]
    first_steps: "FirstSteps | None" = None
    servers: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A platform, its routes on the bot's HTTP server, and where there is a Ctrl-C what may take it:
    whether it did. `connected`: whether it hears what happens there, or others do in its place; it is asked
    every second. `unanswered`: whether something that was asked there got no answer, which the program's exit
    code says."""

    platform: "Platform"
    routes: Sequence["web.RouteDef"] = ()
    interrupt: Callable[[], bool] | None = None
    connected: Callable[[], bool] = lambda: True
    unanswered: Callable[[], bool] = lambda: False


class Interview(Protocol):
    """What setup lets a platform ask. `asks`: somebody is there to answer."""

    @property
    def asks(self) -> bool:
        """Whether somebody is there to answer."""

    def say(self, text: str) -> None:
        """A line or several."""

    def step(self, title: str) -> None:
        """What is asked about from here on."""

    def page(self, url: str, *, opened: str = "") -> None:
        """A page to go to; a browser shows it (or `opened`, with more filled in) where there is one."""

    def sure(self, question: str, *, option: str, default: bool) -> bool:
        """Yes or no."""

    def secret(
        self,
        name: str,
        *,
        given: str,
        kept: str,
        option: str,
        check: "Callable[[str], Awaitable[list[Finding]]]",
        begins: str = "",
    ) -> str:
        """The variable `name`: as `given`, typed until it is right, or as it is `kept`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What setup knows beforehand: what is set now by variable, what options say, and whether no other
    platform is set up. `wanted`: `None` where no option says so."""

    kept: Mapping[str, str]
    given: Mapping[str, str]
    wanted: bool | None
    alone: bool


def nothing_missing(_: Variables) -> list[str]:
    """For a platform whose variables are all independent."""
    return []


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registration(Generic[V]):
    """One platform. What would import its library is named as "module:function" and loaded when it is used.

    `name`: as in `ChannelRef.platform`; `title`: as people write it.
    `variables`: its part of the configuration; `prefix`: how their names begin, which is its alone unless
    other programs' variables begin like this too (`common`).
    `on`: whether it is to run; `incomplete`: a line for each variable that is missing beside another.
    `build`: `(Needs) -> Built | None`, `None` where the bot can go on without.
    `credentials`: what must be set for it, in words; "": nothing, it runs by itself.
    `terminal`: it has the terminal to itself. `address`: where a browser finds it; "": nowhere.
    `first_steps`: `(variables, key) -> the address of its first steps`; "": others could get there.
    `checks`: the doctor's, `(variables) -> Checks`. `setup`: `(Interview, Answers) -> variables by name`;
    `secrets`: those that setup can be given as options, with their help.
    `commands`: of the command line, `(typer.Typer, panel) -> None`.
    `quota`: the variable that limits what may be asked from one address there; "": none.
    `quiet` and `silent`: loggers of its libraries whose finer levels, or whose warnings too, quote people.
    `libraries`: distributions that a report of a fault should name.
    """

    name: str
    title: str
    build: str
    variables: type[V]
    prefix: str = ""
    common: bool = False
    on: Callable[[V], bool]
    incomplete: Callable[[V], list[str]] = nothing_missing
    credentials: str = ""
    terminal: bool = False
    address: Callable[[V], str] = lambda _: ""
    first_steps: Callable[[V, str], str] = lambda _, __: ""
    checks: str = ""
    setup: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    commands: str = ""
    quota: str = ""
    quiet: Sequence[str] = ()
    silent: Sequence[str] = ()
    libraries: Sequence[str] = ()


def load(where: str) -> Any:
    """What stands at "module:function"."""
    return resolve_name(where)
