"""Which language a tag means, whatever somebody writes into it."""

import pytest

from adapters.locale_data import LONGEST_TAG, Cldr
from bot.languages import languages

SPOKEN = ("en", "es", "he", "pt", "pt-PT", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("en-GB", "en"),
        ("EN-gb", "en"),
        ("es_MX", "es"),
        ("es-XX", "es"),
        ("en-US-u-ca-gregory", "en"),
        ("iw-IL", "he"),
        ("pt", "pt"),
        ("pt-BR", "pt"),
        ("pt-AO", "pt"),
        ("pt-PT", "pt-PT"),
        ("zh", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-TW", "zh-Hans"),
    ],
)
def test_a_tag_means_the_nearest_language_by_script_and_region(wanted: str, spoken: str) -> None:
    assert Cldr().nearest([wanted], SPOKEN) == (wanted, spoken)


def test_another_script_is_nearer_than_another_language() -> None:
    assert Cldr().nearest(["zh-TW", "en"], ["en", "zh-Hans"]) == ("zh-TW", "zh-Hans")


@pytest.mark.parametrize(
    "wanted", ["", "-", "*", "tlh", "../../etc", "x", "\0", "a" * 9000, "1", "i-klingon"]
)
def test_what_is_no_tag_or_none_that_is_known_means_nothing(wanted: str) -> None:
    assert Cldr().nearest([wanted], SPOKEN) is None


def test_no_more_is_remembered_of_a_tag_than_a_tag_may_have() -> None:
    wanted, spoken = Cldr().nearest(["es-" + "a" * 9000], SPOKEN) or ("", "")
    assert (len(wanted), spoken) == (LONGEST_TAG, "es")
    assert Cldr().number(wanted, 0.5, grouped=True) == "0,5"


@pytest.mark.parametrize("tag", languages())
def test_cldr_knows_every_language_that_the_bot_speaks(tag: str) -> None:
    data = Cldr()
    assert data.nearest([tag], list(languages())) == (tag, tag)
    assert data.number(tag, 1.5, grouped=True)
    assert "2" in data.duration(tag, 2, "minute")
    assert "1970" in data.day(tag, 0)
