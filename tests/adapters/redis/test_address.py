"""`REDIS_URL` taken apart."""

import pytest

from adapters.stores.redis.address import Address, Kind


def test_one_server_is_what_its_url_says() -> None:
    address = Address.of("rediss://ada:s3cret@redis.example:6380/2?ssl_ca_certs=/etc/ca.pem")
    assert (address.kind, address.tls) == (Kind.SINGLE, True)
    assert address.url == "rediss://ada:s3cret@redis.example:6380/2?ssl_ca_certs=/etc/ca.pem"
    assert address.place == "redis.example:6380"


def test_sentinels_are_apart_from_the_server_that_they_watch() -> None:
    address = Address.of(
        "rediss+sentinel://ada:p%40ss@a,b:26380,[::1]/my%20chat/2?sentinel_password=t0p&ssl_ca_certs=/etc/ca.pem"
    )
    assert (address.kind, address.name, address.tls) == (Kind.SENTINEL, "my chat", True)
    assert address.hosts == (("a", 26379), ("b", 26380), ("::1", 26379))
    assert address.url == "rediss://ada:p%40ss@a:26379/2?ssl_ca_certs=%2Fetc%2Fca.pem"
    assert address.sentinels == {"password": "t0p"}


def test_a_cluster_is_all_of_its_hosts() -> None:
    address = Address.of("redis+cluster://:p@ss@[::1]:7000,b")
    assert (address.kind, address.hosts) == (Kind.CLUSTER, (("::1", 7000), ("b", 6379)))
    assert address.url == "redis://:p@ss@[::1]:7000"


@pytest.mark.parametrize(
    "url",
    [
        "redis://ada:s3cret@a/0",
        "unix://ada:s3cret@/run/redis.sock",
        "redis+cluster://ada:s3cret@a,b",
        "redis+sentinel://ada:s3cret@a,b/chat?sentinel_password=s3cret",
    ],
)
def test_neither_its_place_nor_its_picture_has_a_password(url: str) -> None:
    address = Address.of(url)
    assert "s3cret" not in address.place + repr(address)
