"""The form that asks for a password, how often it may be tried, and how a login ends."""

import asyncio
from dataclasses import dataclass, field

import pytest
from argon2 import PasswordHasher

from adapters.platforms.web.bodies import TooLong
from adapters.platforms.web.limits import (
    FORM_BYTES,
    LOGIN_SECONDS,
    TRIES,
    TRIES_SECONDS,
    USER_SECONDS,
    USER_TRIES,
)
from adapters.platforms.web.login import Login
from adapters.platforms.web.logins import REMEMBERED, Logins
from adapters.platforms.web.passwords import Passwords
from adapters.platforms.web.visitors import KNOWN, LOGIN, SESSION, Keyring
from adapters.tries import Tries
from bot.ports import Records
from tests.adapters.web.requests import Answer, request
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime

NAMED = {"ada": "correct horse", "bob": "battery staple"}
SHARED = {"": "open sesame"}
KEYRING = Keyring(b"secret")
RIGHT, WRONG = "user=ada&password=correct+horse", "user=ada&password=wrong"


@dataclass(slots=True)
class Door:
    """The form for these `users`, over one store."""

    users: dict[str, str] = field(default_factory=lambda: dict(NAMED))
    records: Records = field(default_factory=lambda: InMemoryStore().records("web"))
    login: Login = field(init=False)

    def __post_init__(self) -> None:
        passwords = Passwords(self.users)
        self.login = Login(keyring=KEYRING, passwords=passwords, logins=Logins(self.records, passwords))

    async def send(
        self,
        fields: str,
        *,
        browser: str = "b1",
        known: str = "",
        address: str = "10.0.0.1",
        scheme: str = "http",
    ) -> Answer:
        cookies = {SESSION: KEYRING.session_cookie(browser)} if browser else {}
        cookies |= {KNOWN: known} if known else {}
        return await request(
            self.login, "/login", method="POST", body=fields, cookies=cookies, address=address, scheme=scheme
        )

    async def leave(self, token: str, *, method: str = "POST", query: str = "") -> Answer:
        cookies = {SESSION: KEYRING.session_cookie("b1"), LOGIN: token}
        return await request(self.login, "/logout", method=method, cookies=cookies, query=query)

    async def user(self, token: str, browser: str = "b1") -> str | None:
        """Who is logged in with that token, as a process sees it that has not asked before."""
        return await Logins(self.records, Passwords(self.users)).user(token, browser)


async def test_the_form_asks_for_a_name_where_there_are_names() -> None:
    assert 'name="user"' in (await request(Door().login, "/login")).text
    assert 'name="user"' not in (await request(Door(SHARED).login, "/login")).text


async def test_the_form_speaks_the_browsers_language_and_names_the_browser() -> None:
    answer = await request(Door().login, "/login", headers={"Accept-Language": "es"})
    assert "Contraseña" in answer.text
    assert KEYRING.browser(answer.cookies) is not None


async def test_the_form_may_load_nothing_and_run_nothing() -> None:
    policy = (await request(Door().login, "/login")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


async def test_the_right_password_lets_its_owner_in() -> None:
    door = Door()
    answer = await door.send(RIGHT)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert await door.user(answer.cookies[LOGIN]) == "ada"
    assert await door.user(answer.cookies[LOGIN], browser="b2") is None


async def test_one_password_for_everybody_needs_no_name() -> None:
    door = Door(SHARED)
    answer = await door.send("password=open+sesame")
    assert await door.user(answer.cookies[LOGIN]) == ""


async def test_a_hash_is_as_good_as_a_password_and_is_none_itself() -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("correct horse")
    door = Door({"ada": hashed, "bob": "battery staple"})
    assert (await door.send(RIGHT)).status == 303
    assert (await door.send(WRONG)).status == 403
    assert (await door.send(f"user=ada&password={hashed.replace('+', '%2B')}")).status == 403
    assert (await door.send("user=bob&password=battery+staple")).status == 303
    assert (await door.send("user=eve&password=correct+horse")).status == 403


@pytest.mark.parametrize(
    "fields",
    [WRONG, "user=eve&password=correct+horse", "user=ada", "", "password=battery+staple", "user=%ff"],
)
async def test_anything_else_lets_nobody_in_and_is_said(fields: str) -> None:
    answer = await Door().send(fields)
    assert (answer.status, LOGIN in answer.cookies) == (403, False)
    assert 'role="alert"' in answer.text


async def test_a_browser_without_cookies_is_told_why_it_can_not_get_in() -> None:
    answer = await Door().send(RIGHT, browser="")
    assert (answer.status, LOGIN in answer.cookies) == (403, False)
    assert "needs a cookie" in answer.text


async def test_a_login_over_https_is_sent_over_https_alone() -> None:
    secure = await Door().send(RIGHT, scheme="https")
    plain = await Door().send(RIGHT)
    assert "Secure" in secure.headers["set-cookie"]
    assert "Secure" not in plain.headers["set-cookie"]
    assert "HttpOnly" in plain.headers["set-cookie"]


async def test_a_login_ends_where_it_is_ended_and_nowhere_else() -> None:
    door = Door()
    here, there = [(await door.send(RIGHT)).cookies[LOGIN] for _ in range(2)]
    answer = await door.leave(here)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert f"{LOGIN}=; Path=/; Max-Age=0" in answer.headers["set-cookie"]
    assert (await door.user(here), await door.user(there)) == (None, "ada")


async def test_logging_out_everywhere_ends_all_that_one_user_began() -> None:
    door = Door()
    tokens = [(await door.send(RIGHT, browser="b1")).cookies[LOGIN] for _ in range(2)]
    others = (await door.send("user=bob&password=battery+staple")).cookies[LOGIN]
    await door.leave(tokens[0], query="everywhere")
    assert [await door.user(token) for token in (*tokens, others)] == [None, None, "bob"]
    again = (await door.send(RIGHT)).cookies[LOGIN]
    assert await door.user(again) == "ada"


async def test_nobody_is_logged_out_by_a_link() -> None:
    door = Door()
    token = (await door.send(RIGHT)).cookies[LOGIN]
    assert (await door.leave(token, method="GET")).status == 405
    assert await door.user(token) == "ada"


async def test_a_login_ends_by_itself_after_thirty_days() -> None:
    door = Door()
    token = (await door.send(RIGHT)).cookies[LOGIN]
    await asyncio.sleep(LOGIN_SECONDS - 1)
    assert await door.user(token) == "ada"
    await asyncio.sleep(2)
    assert await door.user(token) is None


async def test_a_login_ends_with_its_password_and_with_its_user() -> None:
    door = Door()
    token = (await door.send(RIGHT)).cookies[LOGIN]
    assert await Door({"ada": "another horse"}, door.records).user(token) is None
    assert await Door({"bob": "correct horse"}, door.records).user(token) is None
    assert await Door({"ada": "correct horse"}, door.records).user(token) == "ada"


async def test_other_processes_know_within_seconds_that_a_login_has_ended() -> None:
    door = Door()
    elsewhere = Logins(door.records, Passwords(NAMED))
    token = (await door.send(RIGHT)).cookies[LOGIN]
    assert await elsewhere.user(token, "b1") == "ada"
    await door.leave(token)
    await asyncio.sleep(REMEMBERED)
    assert await elsewhere.user(token, "b1") is None


async def test_what_is_kept_of_a_login_neither_opens_the_page_nor_names_anybody() -> None:
    store = InMemoryStore()
    door = Door(records=store.records("web"))
    token = (await door.send(RIGHT, browser="a-browser")).cookies[LOGIN]
    kept = repr(vars(store))
    assert "login:" in kept
    assert [each for each in (token, repr("ada"), "correct horse", "a-browser") if each in kept] == []


async def test_a_password_is_tried_so_often_from_one_address_and_no_oftener() -> None:
    door = Door()
    for _ in range(TRIES):
        assert (await door.send(WRONG)).status == 403
    late = await door.send(RIGHT)
    assert (late.status, LOGIN in late.cookies) == (429, False)
    assert "Too many tries. Try again in " in late.text
    assert (await door.send(RIGHT, address="10.0.0.2")).status == 303


async def test_a_password_is_tried_so_often_for_one_user_from_all_addresses_together() -> None:
    door = Door()
    known = (await door.send(RIGHT, browser="adas")).cookies[KNOWN]
    statuses = [(await door.send(WRONG, address=f"10.0.1.{number}")).status for number in range(100)]
    assert statuses == [403] * USER_TRIES + [429] * (100 - USER_TRIES)
    elsewhere = [
        await door.send(RIGHT, browser="adas", known=known, address="10.0.2.1"),
        await door.send("user=bob&password=battery+staple", address="10.0.2.2"),
    ]
    assert [answer.status for answer in elsewhere] == [303, 303], "nobody is kept out by those who guess"
    forged = await door.send(RIGHT, known=known, address="10.0.2.3")
    assert forged.status == 429, "a browser is known for itself alone"
    await asyncio.sleep(USER_SECONDS)
    assert (await door.send(RIGHT, address="10.0.2.4")).status == 303


async def test_who_knows_the_password_may_come_as_often_as_they_like() -> None:
    door = Door()
    for number in range(USER_TRIES + 1):
        assert (await door.send(RIGHT, address=f"10.0.1.{number}")).status == 303


async def test_after_a_while_it_may_be_tried_again_however_often_it_was_tried_meanwhile() -> None:
    tries = Tries(TRIES, TRIES_SECONDS)
    for _ in range(TRIES):
        assert tries.next_in("10.0.0.1") == 0
    await asyncio.sleep(TRIES_SECONDS / 2)
    assert tries.next_in("10.0.0.1") == TRIES_SECONDS / 2
    await asyncio.sleep(TRIES_SECONDS / 2)
    assert tries.next_in("10.0.0.1") == 0


async def test_a_form_that_is_too_long_is_not_read() -> None:
    with pytest.raises(TooLong):
        await Door().send("password=" + "x" * FORM_BYTES)
