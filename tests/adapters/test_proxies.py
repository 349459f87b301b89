"""Through which proxy a server is reached."""

from pathlib import Path

import pytest

from adapters.configuration import ConfigurationError, load_settings
from adapters.proxies import proxy_for, way_to

PROXY = "http://proxy.test:3128"


@pytest.mark.parametrize(
    ("environ", "url", "expected"),
    [
        ({}, "https://discord.com", None),
        ({"HTTPS_PROXY": PROXY}, "https://discord.com", PROXY),
        ({"HTTPS_PROXY": PROXY}, "wss://gateway.discord.gg", PROXY),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other.test:1"}, "https://discord.com", PROXY),
        ({"HTTPS_PROXY": PROXY}, "http://localhost:8000", None),
        ({"HTTP_PROXY": PROXY}, "http://localhost:8000", PROXY),
        ({"HTTP_PROXY": PROXY}, "ws://localhost:8000", PROXY),
        ({"ALL_PROXY": PROXY}, "https://discord.com", PROXY),
        ({"ALL_PROXY": "http://all.test:1", "HTTPS_PROXY": PROXY}, "https://discord.com", PROXY),
        ({"HTTPS_PROXY": "proxy.test:3128"}, "https://discord.com", PROXY),
        ({"HTTPS_PROXY": f'"{PROXY}"\r'}, "https://discord.com", PROXY),
        ({"HTTPS_PROXY": ""}, "https://discord.com", None),
    ],
)
def test_the_variable_of_the_address_says_it(environ: dict[str, str], url: str, expected: str | None) -> None:
    assert proxy_for(url, environ) == expected


@pytest.mark.parametrize(
    ("listed", "url", "excepted"),
    [
        ("*", "https://discord.com", True),
        ("discord.com", "https://discord.com", True),
        ("discord.com", "https://cdn.discord.com", True),
        (".discord.com", "https://cdn.discord.com", True),
        ("*.discord.com", "https://cdn.discord.com", True),
        ("cord.com", "https://discord.com", False),
        ("slack.com, DISCORD.com", "https://discord.com", True),
        ("localhost:8000", "http://localhost:8000", True),
        ("localhost:8001", "http://localhost:8000", False),
        ("model", "http://model:8000", True),
        ("10.0.0.0/8", "http://10.1.2.3:8000", True),
        ("10.0.0.0/8", "http://11.1.2.3:8000", False),
        ("127.0.0.1", "http://127.0.0.1:8000", True),
        ("[::1]", "http://[::1]:8000", True),
        ("fd00::/8", "http://[fd00::1]:8000", True),
        (" , ", "https://discord.com", False),
        ("", "https://discord.com", False),
    ],
)
def test_what_is_listed_is_reached_straight(listed: str, url: str, excepted: bool) -> None:
    environ = {"ALL_PROXY": PROXY, "NO_PROXY": listed}
    assert (proxy_for(url, environ) is None) is excepted


def test_the_way_is_told_without_a_password() -> None:
    environ = {"HTTPS_PROXY": "http://ada:s3cret@proxy.test"}
    assert way_to("https://discord.com", environ) == " through the proxy proxy.test:80"
    assert way_to("http://localhost", environ) == ""


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"ALL_PROXY": "socks5://ada:s3cret@proxy.test:1080"}, "ALL_PROXY is a SOCKS proxy, which the bot"),
        ({"https_proxy": "socks5h://proxy.test"}, "HTTPS_PROXY is a SOCKS proxy"),
        ({"HTTP_PROXY": "ftp://s3cret"}, "HTTP_PROXY is no proxy's address: write http://HOST:PORT."),
        ({"HTTPS_PROXY": "not a s3cret"}, "HTTPS_PROXY is no proxy's address: write http://HOST:PORT."),
        ({"HTTP_PROXY": "http://proxy.test:s3cret"}, "HTTP_PROXY is no proxy's address"),
        ({"SSL_CERT_FILE": "/s3cret/ca.pem"}, "SSL_CERT_FILE names no file of certificates in PEM"),
    ],
)
def test_with_what_can_not_be_used_nothing_starts(tmp_path: Path, environ: dict[str, str], line: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(environ, tmp_path / ".env", tmp_path / "secrets")
    [said] = str(caught.value).splitlines()
    assert said.startswith(line)
    assert "s3cret" not in said


def test_a_socks_proxy_that_does_not_count_is_let_be(tmp_path: Path) -> None:
    environ = {"ALL_PROXY": "socks5://proxy.test:1080", "HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY}
    assert load_settings(environ, tmp_path / ".env", tmp_path / "secrets")
