"""What a question costs: how much one person may ask, and how much may be asked from one address."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.conversation.events import Said, Spoken
from bot.conversation.requests import Price, Quota
from bot.conversation.views import Notice, Outcome
from bot.languages import speaker
from bot.languages.times import duration
from bot.ports import Conversations, People


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """`quota`: one person's. `by_address`: on which platforms an address has one, too. `admins` pay
    nothing."""

    people: People
    quota: Quota
    by_address: Mapping[str, Quota] = field(default_factory=dict)
    admins: frozenset[str] = frozenset()

    async def pay(self, event: Spoken, once: str) -> Price:
        """Whether this person may ask now, and from where they are; the same `once` costs nothing again.

        Raises `StoreUnavailable`.
        """
        if event.author.id in self.admins:
            return Price()
        event_id = f"{event.channel.key}:{once}"
        quota = self.by_address.get(event.channel.platform)
        if quota is not None and event.author.address:
            place = f"{event.channel.platform}:address:{event.author.address}"
            price = await self.people.spend(place, event_id, quota)
            if price.resets_in is not None:
                return price
        return await self.people.spend(event.person, event_id, self.quota)


async def costs_anew(edited: Said, conversations: Conversations) -> bool:
    """Whether the model is asked again for an edit: it writes an answer to another text just now. Raises
    `StoreUnavailable`."""
    running = (await conversations.read(edited.channel)).running
    question = running.request.message if running is not None else None
    return question is not None and question.id == edited.id and question.text != edited.text


def too_much(event: Spoken, price: Price) -> Notice:
    """When this person may ask again."""
    say = speaker(event.author.locale)
    words = say("over_quota", time=duration(say, price.resets_in or 0.0))
    return Notice(text=words, outcome=Outcome.REFUSED)
