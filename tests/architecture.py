"""What keeps the house in order, in figures: `python -m tests.architecture` prints them, the laws hold them.

Each is a list of files. There are never more than there are today, and there shall be as many as its goal.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LANGUAGES = "bot/languages/"
REGISTRY = "adapters/platforms/__init__.py"

PLATFORMS = {
    "discord": r"(?i)discord",
    "slack": r"(?i)slack",
    "web": r"(?i:in the browser)|\"web\"|\bWEB_(?!CONCURRENCY)[A-Z]|web_address",
}
"""A platform's folder -> how it is named, in code and in words."""

LIBRARIES: dict[str, str | tuple[str, ...]] = {
    "discord": "adapters/platforms/discord/",
    "slack_bolt": "adapters/platforms/slack/",
    "slack_sdk": "adapters/platforms/slack/",
    "pypdf": "adapters/documents/",
    "argon2": "adapters/platforms/web/",
    "prompt_toolkit": "adapters/platforms/console/",
    "uvicorn": "adapters/platforms/web/",
    "prometheus_client": "adapters/metrics/",
    "opentelemetry": "adapters/traces/",
    "babel": "adapters/locale_data.py",
    "redis": "adapters/stores/redis/",
    "cryptography": ("adapters/stores/redis/", "adapters/operator/backup/"),
    "huggingface_hub": "adapters/models/huggingface/",
    "httpx2": "adapters/models/huggingface/",
}
"""A library -> the one folder that knows it. Two seal: what is kept, and what is taken away of it."""

VALUES = ("bot.conversation", "bot.errors", "bot.languages", "bot.ports")
"""What of the bot a platform may know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A module of the program: its path from the root, and its text."""

    path: str
    text: str

    def named(self, pattern: str) -> bool:
        """Whether it names something, in code or in words."""
        return re.search(pattern, self.text) is not None

    def imports(self) -> set[str]:
        """The modules that it imports, wherever in it. A relative import is named `.`."""
        names = set()
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add("." if node.level else node.module or "")
        return names


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`files` gives those that count; `most`: how many there are at most, `goal`: how many there shall be."""

    name: str
    goal: int
    most: int
    files: Callable[[Sequence[Source]], Iterable[str]]


def sources(*folders: str) -> Sequence[Source]:
    """The modules in these folders."""
    return [
        Source(path=str(path.relative_to(ROOT)), text=path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    ]


def naming_platforms(program: Iterable[Source]) -> Iterator[str]:
    """Those that name a platform outside of its folder; each language's phrases for the page are its own."""
    for source in program:
        if source.path == REGISTRY or source.path.startswith(LANGUAGES):
            continue
        for folder, pattern in PLATFORMS.items():
            if not source.path.startswith(f"adapters/platforms/{folder}/") and source.named(pattern):
                yield f"{source.path} ({folder})"


def naming(word: str) -> Callable[[Iterable[Source]], Iterator[str]]:
    """Those beside the languages that name `word`."""

    def files(program: Iterable[Source]) -> Iterator[str]:
        for source in program:
            if not source.path.startswith(LANGUAGES) and source.named(word):
                yield source.path

    return files


def knowing_the_bot(program: Iterable[Source]) -> Iterator[str]:
    """Platforms that know the store, or of the bot more than values, ports, errors and languages."""
    for source in program:
        if not source.path.startswith("adapters/platforms/"):
            continue
        for module in sorted(source.imports()):
            inside = module.split(".")[0] == "bot" and not module.startswith(VALUES)
            if inside or module.startswith("adapters.stores"):
                yield f"{source.path} ({module})"


def libraries_elsewhere(program: Iterable[Source]) -> Iterator[str]:
    """Those that import a library outside of the one folder that knows it."""
    for source in program:
        for library in sorted({module.split(".")[0] for module in source.imports()} & set(LIBRARIES)):
            if not source.path.startswith(LIBRARIES[library]):
                yield f"{source.path} ({library})"


FIGURES = (
    Figure(
        name="name a platform outside its folder and the registry", goal=0, most=0, files=naming_platforms
    ),
    Figure(
        name="name repetition_penalty beside the languages",
        goal=2,
        most=2,
        files=naming("repetition_penalty"),
    ),
    Figure(name="name regenerate beside the languages", goal=3, most=3, files=naming("regenerate")),
    Figure(
        name="are a platform's and know the bot's insides or the store",
        goal=0,
        most=0,
        files=knowing_the_bot,
    ),
    Figure(
        name="import a library outside the folder that knows it", goal=0, most=0, files=libraries_elsewhere
    ),
)


def main() -> None:
    """Print what there is."""
    program = sources("bot", "adapters")
    for figure in FIGURES:
        files = list(figure.files(program))
        sys.stdout.write(f"{len(files):5} files {figure.name} (goal: {figure.goal})\n")
        for file in files:
            sys.stdout.write(f"            {file}\n")
    for name, counted in (("program", program), ("tests", sources("tests"))):
        lines = sum(len(source.text.splitlines()) for source in counted)
        sys.stdout.write(f"{lines:5} lines of {name} in {len(counted)} files\n")


if __name__ == "__main__":
    main()
