"""`REDIS_URL`: what a password does to it, and that nothing of one is said."""

from itertools import product
from pathlib import Path

import pytest

from adapters.configuration import ConfigurationError, Settings, load_settings


def loaded(folder: Path, url: str) -> Settings:
    return load_settings({"REDIS_URL": url}, folder / ".env", folder / "secrets")


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost:6379/0",
        "redis://:p%23%2F%3F%40ss@localhost:6379/15",
        "redis://:p@ss@localhost",
        "redis://ada:1234@localhost/",
        "rediss://localhost:6380/0?ssl_ca_certs=/etc/ca.pem&ssl_check_hostname=false",
        "redis://localhost?username=ada&password=p@ss",
        "redis://localhost?db=3",
        "redis://[::1]:6379/0",
        "redis://",
        "unix:///run/redis.sock",
        "redis+sentinel://10.0.0.7/chat",
        "redis+sentinel://ada:p%40ss@a:26379,b,[::1]:26380/chat/2?sentinel_password=p@ss",
        "rediss+sentinel://a,b/chat?ssl_ca_certs=/etc/ca.pem",
        "redis+cluster://a",
        "redis+cluster://:p@ss@a:6379,b:6380,c/",
        "rediss+cluster://a/0",
        "unix://ada:s3cret@/run/redis.sock?db=2",
    ],
)
def test_an_address_is_taken_as_it_is(tmp_path: Path, url: str) -> None:
    secret = loaded(tmp_path, url).redis_url
    assert secret is not None
    assert secret.get_secret_value() == url


SIGNS = ("#", "/", "?", "[", "#/?", "?x=", "/?", "#@", "@/", "/@")
PASSWORDS = [
    f"{before}{sign}{after}"
    for sign, before, after in product(SIGNS, ("", "7531", "s3cret", "75@31"), ("8642", "", "t0p"))
]


@pytest.mark.parametrize(
    "before", ["redis://:", "redis://ada:", "rediss://ada:", "redis+cluster://:", "redis+sentinel://ada:"]
)
@pytest.mark.parametrize("behind", ["@localhost", "@localhost:6379", "@localhost:6379/0"])
def test_a_password_that_breaks_it_is_refused_and_nothing_of_it_is_said(
    tmp_path: Path, before: str, behind: str
) -> None:
    for password in PASSWORDS:
        with pytest.raises(ConfigurationError) as caught:
            loaded(tmp_path, f"{before}{password}{behind}")
        said = str(caught.value)
        assert said.startswith("REDIS_URL")
        assert "%23, %2F, %3F" in said
        for part in ("7531", "8642", "s3cret", "t0p", "ada", "75", "31"):
            assert part not in said


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://localhost/zero", "its database or port is no number"),
        ("redis://localhost:0/0", "its database or port is no number"),
        ("redis://:7531", "it names no host"),
        ("redis://a,b", "it names several hosts"),
        ("redis+sentinel://a,b", "it names no Sentinel or no primary"),
        ("redis+sentinel:///chat", "it names no Sentinel or no primary"),
        ("redis+sentinel://a,/chat", "it names no Sentinel or no primary"),
        ("redis+sentinel://a/chat/two", "its database is no number"),
        ("redis+sentinel://a/chat/0/more", "its database is no number"),
        ("redis+cluster://", "it names no host"),
        ("redis+cluster://a:0", "its database or port is no number"),
        ("redis+cluster://a/1", "a Cluster has no other database"),
        ("redis+cluster://a?db=1", "a Cluster has no other database"),
        ("unix://", "it names no socket"),
        ("unix://:75/31@/run/redis.sock", "it names no socket"),
        ("unix://:75#31@/run/redis.sock", "there is an @ behind its host"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, url)
    assert str(caught.value).startswith(f"REDIS_URL: {words}")
    assert "7531" not in str(caught.value)
