"""What people do with commands, buttons, menus and forms, as the bot is told of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.servers.discord import payloads
from tests.servers.discord.components import chosen_in, inside, sent_form
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.permissions import permissions
from tests.servers.discord.world import LOADING, Channel, Message, Payload, User, World

COMMAND, PRESSED, AUTOCOMPLETE, FORM_SENT = 2, 3, 4, 5
OPTION_TYPES = {bool: 5, int: 4, float: 10, str: 3}
SLASH, MESSAGE_MENU = 1, 3
BUTTON, MENU = 2, 3

Options = Mapping[str, str | int | float | bool]


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One use of a command, a button, a menu or a form.

    `original` is the first answer (while deferred, flagged as loading); `pressed` the message that it came
    from, `form` one that it opened, `sent_form` the one that it sent, `choices` what may be typed on.
    `invoked_at` and `acknowledged_at` are loop times in seconds.
    """

    id: str
    token: str
    kind: int
    channel: Channel
    user: User
    locale: str
    invoked_at: float
    pressed: Message | None = None
    sent_form: Payload | None = None
    acknowledged_at: float | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    form: Payload | None = None
    choices: Sequence[Payload] | None = None

    @property
    def answered(self) -> Message | None:
        """The first answer once it says something, for `until`."""
        return None if self.original is None or self.original.flags & LOADING else self.original


class Interactions:
    """Makes interactions, each with what the bot is to be told."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def slash(
        self, channel: Channel, user: User, name: str, options: Options, locale: str
    ) -> tuple[Interaction, Payload]:
        """Somebody uses a command."""
        command = self._command(name, SLASH)
        declared = {option["name"]: option["type"] for option in command.get("options", ())}
        held = {
            "id": command["id"],
            "name": name,
            "type": SLASH,
            "options": [
                {"name": key, "type": declared.get(key, OPTION_TYPES[type(value)]), "value": value}
                for key, value in options.items()
            ],
        }
        return self._made(COMMAND, channel, user, locale, held)

    def typing(
        self, channel: Channel, user: User, name: str, typed: str, *, option: str, locale: str
    ) -> tuple[Interaction, Payload]:
        """Somebody types into an option of a command and is to be shown what fits."""
        command = self._command(name, SLASH)
        held = {
            "id": command["id"],
            "name": name,
            "type": SLASH,
            "options": [{"name": option, "type": 3, "value": typed, "focused": True}],
        }
        return self._made(AUTOCOMPLETE, channel, user, locale, held)

    def menu(self, message: Message, user: User, name: str, locale: str) -> tuple[Interaction, Payload]:
        """Somebody chooses a command in a message's own menu; the bot may read that message."""
        command = self._command(name, MESSAGE_MENU)
        shape = payloads.message(self._world, self._gateway.base, message, granted=True)
        held = {
            "id": command["id"],
            "name": name,
            "type": MESSAGE_MENU,
            "target_id": message.id,
            "resolved": {"messages": {message.id: shape}},
        }
        return self._made(COMMAND, message.channel, user, locale, held)

    def press(
        self, message: Message, user: User, custom_id: str, value: str | None, locale: str
    ) -> tuple[Interaction, Payload]:
        """Somebody presses a button, or chooses `value` in a menu. `LookupError` where there is none."""
        shown = {each["custom_id"]: each for each in inside(message.components)}
        component = shown.get(custom_id)
        if component is None or component.get("disabled"):
            raise LookupError(f"{custom_id} can't be pressed there; there are {list(shown)}")
        held: Payload = {"custom_id": custom_id, "component_type": BUTTON if value is None else MENU}
        if value is not None:
            held["values"] = [chosen_in(component, value)]
        return self._made(PRESSED, message.channel, user, locale, held, pressed=message)

    def send(self, opened: Interaction, wish: Mapping[str, str | bool]) -> tuple[Interaction, Payload]:
        """Somebody sends a form that an interaction opened."""
        if opened.form is None:
            raise LookupError("there is no form")
        held = {"custom_id": opened.form["custom_id"], "components": sent_form(opened.form, wish)}
        interaction, event = self._made(
            FORM_SENT, opened.channel, opened.user, opened.locale, held, pressed=opened.pressed
        )
        interaction.sent_form = opened.form
        return interaction, event

    def _made(
        self,
        kind: int,
        channel: Channel,
        user: User,
        locale: str,
        held: Payload,
        *,
        pressed: Message | None = None,
    ) -> tuple[Interaction, Payload]:
        interaction = Interaction(
            id=self._world.next_id(),
            token=f"token-{self._world.next_id()}",
            kind=kind,
            channel=channel,
            user=user,
            locale=locale,
            invoked_at=asyncio.get_running_loop().time(),
            pressed=pressed,
        )
        home = self._world.guild_of(channel)
        event: Payload = {
            "id": interaction.id,
            "application_id": self._world.application,
            "type": kind,
            "token": interaction.token,
            "version": 1,
            "locale": locale,
            "channel_id": channel.id,
            "channel": payloads.channel(self._world, channel),
            "app_permissions": str(self._world.bot_permissions),
            "entitlements": [],
            "authorizing_integration_owners": {"0": home or "0"},
            "context": 1 if channel.direct else 0,
            "attachment_size_limit": 10 * 1024 * 1024,
            "data": held,
        }
        if pressed is not None:
            event["message"] = payloads.message(self._world, self._gateway.base, pressed, granted=True)
        if channel.direct:
            event["user"] = payloads.user(user)
        else:
            held_by = str(permissions(self._world, user))
            membership = payloads.member(self._world, user) | {
                "user": payloads.user(user),
                "permissions": held_by,
            }
            event |= {"guild_id": home, "guild_locale": "en-US", "member": membership}
        return interaction, event

    def _command(self, name: str, kind: int) -> Payload:
        known = {c["name"]: c for c in self._world.commands if c.get("type", SLASH) == kind}
        if name not in known:
            raise LookupError(f"the bot has not registered {name}; it has {', '.join(known) or 'nothing'}")
        return known[name]
