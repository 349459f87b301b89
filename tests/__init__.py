"""The tests speak as the program does, whichever of them begins, in whatever process."""

from adapters.locale_data import Cldr
from bot.languages import speaker

speaker.rely_on(Cldr())
