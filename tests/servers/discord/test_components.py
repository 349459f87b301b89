"""The local Discord's buttons, menus, forms and permissions, seen by raw requests and wishes."""

from typing import Any

import aiohttp
import pytest

from tests.servers.discord import DiscordServer, User
from tests.servers.discord.components import checked_components, checked_form, sent_form
from tests.servers.discord.edge import Refused
from tests.servers.discord.permissions import MANAGE_CHANNELS, SEND_MESSAGES, permissions
from tests.servers.discord.world import Payload


def row(*components: Payload) -> Payload:
    return {"type": 1, "components": list(components)}


def button(custom_id: str = "a", **changes: Any) -> Payload:
    return {"type": 2, "style": 2, "label": "A", "custom_id": custom_id} | changes


def menu(count: int = 2, **changes: Any) -> Payload:
    options = [{"label": f"{number}", "value": f"{number}"} for number in range(count)]
    return {"type": 3, "custom_id": "menu", "options": options} | changes


def field(component: Payload, **changes: Any) -> Payload:
    return {"type": 18, "label": "Name", "component": component} | changes


def form(*rows: Payload, **changes: Any) -> Payload:
    return {"title": "A form", "custom_id": "form", "components": list(rows)} | changes


BOX: Payload = {"type": 4, "style": 1, "custom_id": "box", "value": "old", "max_length": 5}


@pytest.mark.parametrize(
    "rows",
    [
        [row()],
        [row(*(button(str(number)) for number in range(6)))],
        [row(button(str(number))) for number in range(6)],
        [row(button()), row(button())],
        [row(button(label="x" * 81))],
        [row(button(custom_id="x" * 101))],
        [row(menu(), menu(custom_id="other"))],
        [row(menu(26))],
        [row(menu(placeholder="x" * 151))],
        [row(button(), menu())],
        [button()],
    ],
)
def test_rows_beyond_discords_limits_are_refused(rows: list[Payload]) -> None:
    with pytest.raises(Refused) as refused:
        checked_components(rows)
    assert (refused.value.status, refused.value.code) == (400, 50035)


@pytest.mark.parametrize(
    "whole",
    [
        form(),
        form(*(field(BOX | {"custom_id": str(number)}) for number in range(6))),
        form(field(BOX), title="x" * 46),
        form(field(BOX), custom_id="x" * 101),
        form(field(BOX, label="x" * 46)),
        form(field(BOX, description="x" * 101)),
        form(field(BOX | {"value": "longer"})),
        form(field(BOX | {"max_length": 4001})),
        form(field(BOX | {"placeholder": "x" * 101})),
        form(field(BOX), field(BOX)),
        form(row(button())),
    ],
)
def test_forms_beyond_discords_limits_are_refused(whole: Payload) -> None:
    with pytest.raises(Refused):
        checked_form(whole)


def test_a_form_is_sent_with_what_stood_in_it_and_what_was_changed() -> None:
    whole = checked_form(form(field(BOX), field(menu()), field({"type": 23, "custom_id": "tick"})))
    sent = sent_form(whole, {"menu": "1"})
    values = [each["component"].get("values", each["component"].get("value")) for each in sent]
    assert values == ["old", ["1"], False]
    with pytest.raises(ValueError, match="menu"):
        sent_form(whole, {})
    with pytest.raises(ValueError, match="6 characters"):
        sent_form(whole, {"menu": "1", "box": "longer"})
    with pytest.raises(LookupError):
        sent_form(whole, {"menu": "2"})
    with pytest.raises(LookupError):
        sent_form(whole, {"nowhere": "2"})


async def asked(server: DiscordServer, method: str, path: str, body: object = None) -> tuple[int, Payload]:
    headers = {"Authorization": f"Bot {server.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, server.rest_url + path, json=body) as response,
    ):
        return response.status, (await response.json()) if response.status != 204 else {}


async def test_a_press_may_redraw_its_message_and_a_disabled_button_is_not_pressed(
    server: DiscordServer, ann: User
) -> None:
    posts = f"/channels/{server.general.id}/messages"
    shown = [row(button("a", label="Go"), button("b", label="Gone", disabled=True))]
    await asked(server, "POST", posts, {"content": "here", "components": shown})
    [message] = server.answers(server.general)
    with pytest.raises(LookupError):
        await server.press(message, ann, "Gone")
    with pytest.raises(LookupError):
        await server.press(message, ann, "Nowhere")
    pressed = await server.press(message, ann, "Go")
    callback = f"/interactions/{pressed.id}/{pressed.token}/callback"
    assert await asked(server, "POST", callback, {"type": 6}) == (204, {})
    original = f"/webhooks/{server.world.application}/{pressed.token}/messages/@original"
    await asked(server, "PATCH", original, {"content": "there", "components": []})
    assert (message.content, list(message.components)) == ("there", [])


async def test_after_a_deferred_answer_is_deleted_the_next_message_is_one_of_its_own(
    server: DiscordServer, ann: User
) -> None:
    application = server.world.application
    await asked(server, "PUT", f"/applications/{application}/commands", [{"name": "help"}])
    used = await server.slash(server.general, ann, "help")
    callback = f"/interactions/{used.id}/{used.token}/callback"
    await asked(server, "POST", callback, {"type": 5, "data": {"flags": 64}})
    webhook = f"/webhooks/{application}/{used.token}"
    assert await asked(server, "DELETE", f"{webhook}/messages/@original") == (204, {})
    await asked(server, "POST", webhook, {"content": "for everybody"})
    assert [message.content for message in server.answers(server.general)] == ["for everybody"]


async def test_roles_and_the_owner_decide_what_people_may_and_the_bot_is_held_to_its_own(
    server: DiscordServer, ann: User
) -> None:
    bob = server.world.add_user("bob")
    server.world.add_role("keepers", permissions=MANAGE_CHANNELS, people=[ann])
    assert permissions(server.world, ann) & MANAGE_CHANNELS
    assert not permissions(server.world, bob) & MANAGE_CHANNELS
    server.world.owner = bob.id
    assert permissions(server.world, bob) & MANAGE_CHANNELS
    server.world.bot_permissions &= ~SEND_MESSAGES
    status, refusal = await asked(
        server, "POST", f"/channels/{server.general.id}/messages", {"content": "hello"}
    )
    assert (status, refusal["code"]) == (403, 50013)
