"""What the program needs may be used by whoever runs it."""

from tests.licences import FREE, licence, needed


def test_every_package_that_is_needed_may_be_used() -> None:
    packages = needed()
    assert len(packages) > 50
    assert {
        name: licence(name) for name in packages if licence(name) and not FREE.search(licence(name))
    } == {}


def test_what_is_free_for_nobody_is_told_apart() -> None:
    assert not FREE.search("GNU Affero General Public License v3")
    assert not FREE.search("Proprietary")
    assert not FREE.search("?")
