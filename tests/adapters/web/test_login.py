"""The form that asks for a password, and how often it may be tried."""

import asyncio

import pytest

from adapters.platforms.web.login import Login
from adapters.platforms.web.tries import MOST, SECONDS, Tries
from adapters.platforms.web.visitors import LOGIN, SESSION, Keyring
from tests.adapters.web.requests import Answer, request

pytestmark = pytest.mark.looptime

NAMED = Keyring(b"secret", {"ada": "correct horse", "bob": "battery staple"})
SHARED = Keyring(b"secret", {"": "open sesame"})


async def send(
    login: Login, fields: str, *, browser: str = "b1", address: str = "10.0.0.1", scheme: str = "http"
) -> Answer:
    cookies = {SESSION: login.keyring.session_cookie(browser)} if browser else None
    return await request(
        login, "/login", method="POST", body=fields, cookies=cookies, address=address, scheme=scheme
    )


def login(keyring: Keyring = NAMED) -> Login:
    return Login(keyring=keyring, tries=Tries())


async def test_the_form_asks_for_a_name_where_there_are_names() -> None:
    assert 'name="user"' in (await request(login(), "/login")).text
    assert 'name="user"' not in (await request(login(SHARED), "/login")).text


async def test_the_form_speaks_the_browsers_language_and_names_the_browser() -> None:
    answer = await request(login(), "/login", headers={"Accept-Language": "es"})
    assert "Contraseña" in answer.text
    assert NAMED.browser(answer.cookies) is not None


async def test_the_right_password_lets_its_owner_in() -> None:
    answer = await send(login(), "user=ada&password=correct+horse")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert NAMED.user(answer.cookies, "b1") == "ada"
    assert NAMED.user(answer.cookies, "b2") is None


async def test_one_password_for_everybody_needs_no_name() -> None:
    answer = await send(login(SHARED), "password=open+sesame")
    assert SHARED.user(answer.cookies, "b1") == ""


@pytest.mark.parametrize(
    "fields",
    ["user=ada&password=wrong", "user=eve&password=correct+horse", "user=ada", "", "password=battery+staple"],
)
async def test_anything_else_lets_nobody_in_and_is_said(fields: str) -> None:
    answer = await send(login(), fields)
    assert (answer.status, LOGIN in answer.cookies) == (403, False)
    assert 'role="alert"' in answer.text


async def test_a_browser_without_cookies_is_told_why_it_can_not_get_in() -> None:
    answer = await send(login(), "user=ada&password=correct+horse", browser="")
    assert (answer.status, LOGIN in answer.cookies) == (403, False)
    assert "needs a cookie" in answer.text


async def test_a_login_over_https_is_sent_over_https_alone() -> None:
    secure = await send(login(), "user=ada&password=correct+horse", scheme="https")
    plain = await send(login(), "user=ada&password=correct+horse")
    assert "Secure" in secure.headers["set-cookie"]
    assert "Secure" not in plain.headers["set-cookie"]
    assert "HttpOnly" in plain.headers["set-cookie"]


async def test_logging_out_takes_the_login_away() -> None:
    answer = await request(login(), "/logout", method="POST")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert f"{LOGIN}=; Path=/; Max-Age=0" in answer.headers["set-cookie"]


async def test_a_password_is_tried_so_often_from_one_address_and_no_oftener() -> None:
    form = login()
    for _ in range(MOST):
        assert (await send(form, "user=ada&password=wrong")).status == 403
    late = await send(form, "user=ada&password=correct+horse")
    assert (late.status, LOGIN in late.cookies) == (429, False)
    assert "Too many tries. Try again in " in late.text
    elsewhere = await send(form, "user=ada&password=correct+horse", address="10.0.0.2")
    assert elsewhere.status == 303


async def test_after_a_while_it_may_be_tried_again_however_often_it_was_tried_meanwhile() -> None:
    tries = Tries()
    for _ in range(MOST):
        assert tries.next_in("10.0.0.1") == 0
    await asyncio.sleep(SECONDS / 2)
    assert tries.next_in("10.0.0.1") == SECONDS / 2
    await asyncio.sleep(SECONDS / 2)
    assert tries.next_in("10.0.0.1") == 0
