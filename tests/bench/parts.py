"""Which part of the bot computes, by where it was seen. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping

PARTS = {
    "reader": ("adapters.models", "huggingface_hub", "httpx2", "httpcore2", "h11"),
    "core": ("bot", "adapters.graphemes", "regex"),
    "edits": ("adapters.platforms", "discord", "slack_sdk", "slack_bolt", "uvicorn"),
    "store": ("adapters.stores", "redis"),
}
"""A part, and the packages whose work is its own. What they call of others is theirs as well."""

SHARED = {"HTTP": ("aiohttp",), "loop": ("asyncio", "uvloop", "selectors")}
"""Of whatever is seen in none of those: bytes that come in are read for readers and edits alike."""

OTHER = "other"


def by_part(stacks: Mapping[str, int]) -> Mapping[str, float]:
    """The share of each, largest first."""
    return _shares(stacks, part_of)


def by_module(stacks: Mapping[str, int]) -> Mapping[str, float]:
    """The share of each module in which it was seen itself, largest first."""
    return _shares(stacks, lambda stack: stack.partition(":")[0])


def part_of(stack: str) -> str:
    """Whose work it is: the innermost call that is some part's decides."""
    modules = [call.partition(":")[0] for call in stack.split(";")]
    for parts in (PARTS, SHARED):
        for module in modules:
            for part, packages in parts.items():
                if any(module == package or module.startswith(f"{package}.") for package in packages):
                    return part
    return OTHER


def _shares(stacks: Mapping[str, int], name: Callable[[str], str]) -> Mapping[str, float]:
    counts: Counter[str] = Counter()
    for stack, times in stacks.items():
        counts[name(stack)] += times
    return {each: times / counts.total() for each, times in counts.most_common()}
