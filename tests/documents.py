"""What the documents name: links, commands, targets of make, variables, files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent

FOLDERS = ("", "bot/", "adapters/", "docs/")
"""From where a file is named: the architecture speaks of `display/reply.py`."""

ELSEWHERE = re.compile(r"\b(helm|kubectl|systemctl|journalctl|useradd|docker build)\b")
"""Programs to which our names and paths mean something of theirs."""

FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CONTINUED = re.compile(r"\\\n\s*")
LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|a)[^>]+(?:src|href)=\"([^\"]+)\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`path`: from the root."""

    path: str
    text: str

    def code(self) -> list[str]:
        """The lines of what is written as code: between backticks, or fenced."""
        spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", self.prose())]
        whole = [CONTINUED.sub("", block) for block in FENCED.findall(self.text)]
        return [line for block in whole for line in block.splitlines()] + spans

    def prose(self) -> str:
        """All that is not fenced."""
        return FENCED.sub("", self.text)

    def links(self) -> list[str]:
        """The targets of its links and pictures that lead into the tree."""
        found = LINK.findall(self.prose())
        targets = [one or other for one, other in found]
        return [target for target in targets if not re.match(r"[a-z]+:", target)]

    def anchors(self) -> set[str]:
        """What may follow a # behind its path, as GitHub makes it of headings."""
        titles = re.findall(r"^#+ +(.+?) *$", self.prose(), re.MULTILINE)
        return {
            re.sub(r"[^\w\- ]", "", re.sub(r"\[(.*?)\]\(.*?\)", r"\1", title).lower()).replace(" ", "-")
            for title in titles
        }


def documents() -> Sequence[Document]:
    """Those of the tree."""
    paths = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        Document(path=str(path.relative_to(ROOT)), text=path.read_text(encoding="utf-8")) for path in paths
    ]


def deployed() -> Sequence[Document]:
    """What is read under `deploy/`."""
    paths = [path for path in sorted((ROOT / "deploy").rglob("*")) if path.is_file()]
    return [
        Document(path=str(path.relative_to(ROOT)), text=path.read_text(encoding="utf-8")) for path in paths
    ]


def dead_links(document: Document, tree: Sequence[Document]) -> Iterator[str]:
    """Its links to files and headings that are not there."""
    by_path = {each.path: each for each in tree}
    for link in document.links():
        name, _, anchor = link.partition("#")
        file = (ROOT / document.path).parent / name if name else ROOT / document.path
        path = str(file.resolve().relative_to(ROOT)) if file.exists() else ""
        if not path or (anchor and anchor not in by_path.get(path, document).anchors()):
            yield link


def commands(document: Document) -> Iterator[tuple[str, str]]:
    """Each command of the program's that it shows, and what follows that."""
    for line in document.code():
        for found in re.finditer(r"(?<![\w./-])(?:\.venv/bin/)?mixtral-bot ([a-z][a-z-]+)\b([^|;&]*)", line):
            if not ELSEWHERE.search(line):
                yield found[1], found[2]


def targets(document: Document) -> Iterator[str]:
    """Each target of make that it names."""
    for line in document.code():
        yield from re.findall(r"(?:^|[;&|] *)make ([a-z][a-z-]*)", line)


def variables(document: Document) -> Iterator[str]:
    """Each name that can be a variable."""
    for line in document.code():
        yield from re.findall(r"(?<![\w/.:-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w.])", line)


def files(document: Document) -> Iterator[str]:
    """Each path that begins with a folder of the tree."""
    for line in document.code():
        if ELSEWHERE.search(line):
            continue
        for path in re.findall(r"(?<![\w/.@:-])([\w.-]+/(?:[\w./*-]*\w/?)?)(?![\w/])", line):
            first = path.partition("/")[0]
            if any((ROOT / folder / first).is_dir() for folder in FOLDERS):
                yield path


def exists(path: str) -> bool:
    """Whether something in the tree is meant by that path."""
    return any(next(iter((ROOT / folder).glob(path)), None) for folder in FOLDERS)
