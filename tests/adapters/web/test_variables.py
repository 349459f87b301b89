"""Who may open the page, as an operator writes it."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from adapters.configuration import ConfigurationError, load_settings
from adapters.platforms.web.variables import WebVariables
from adapters.variables import shown

HASHES = [
    "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg",
    "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
]


def web(folder: Path, **variables: str) -> WebVariables:
    settings = load_settings(variables, folder / ".env", folder / "secrets")
    assert isinstance(settings, WebVariables)
    return settings


def test_users_have_passwords_or_hashes_with_all_their_signs(tmp_path: Path) -> None:
    written = f"ada:{HASHES[0]},bob:battery staple,eve:{HASHES[1]}"
    (tmp_path / ".env").write_text(f"WEB_USERS={written}\n")
    read = {name: shown(secret) for name, secret in web(tmp_path).web_users.items()}
    assert read == {"ada": HASHES[0], "bob": "battery staple", "eve": HASHES[1]}
    assert {
        name: shown(secret) for name, secret in web(tmp_path, WEB_USERS=written).web_users.items()
    } == read


@pytest.mark.parametrize(
    "written", ["ada:$argon2id$", f"ada:{HASHES[0][:-50]}$", "ada:correct,horse", f"ada:{HASHES[0]},bob"]
)
def test_what_is_half_a_hash_is_neither_a_hash_nor_a_password(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigurationError, match="WEB_USERS") as refused:
        web(tmp_path, WEB_USERS=written)
    assert "argon2id" not in str(refused.value)


def test_proxies_are_addresses_and_networks(tmp_path: Path) -> None:
    proxies = web(tmp_path, WEB_PROXIES="10.0.0.0/8, 2001:db8::1").web_proxies
    assert list(proxies) == [ip_network("10.0.0.0/8"), ip_network("2001:db8::1/128")]
    with pytest.raises(ConfigurationError, match=r"WEB_PROXIES: element 1 .* must be addresses or networks"):
        web(tmp_path, WEB_PROXIES="everybody")
