"""`python -m tests.vendored`: what others wrote of the page, fetched anew from the npm registry.

The table says what is taken; `vendored.json` beside the files says which version that was, under which
licence, and how each file is recognised. Whoever runs the bot needs none of this.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path("adapters/platforms/web/assets/vendor")
RECORD = FOLDER / "vendored.json"

PACKAGES: Mapping[str, tuple[str, Sequence[str]]] = {
    "markdown-it": ("14.3.3", ("dist/markdown-it.min.js", "LICENSE")),
    "dompurify": ("3.5.0", ("dist/purify.min.js", "LICENSE")),
    "katex": ("0.16.47", ("dist/katex.min.js", "dist/katex.min.css", "dist/fonts/*.woff2", "LICENSE")),
    "@highlightjs/cdn-assets": ("11.11.1", ("es/highlight.min.js", "LICENSE")),
}
"""The version of each package, and its files."""


def digest(file: Path) -> str:
    """How a file is recognised."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def place(package: str, file: Path) -> Path:
    """Where a package's file lies, below `FOLDER`."""
    name = package.rpartition("/")[2] if not package.startswith("@highlightjs") else "highlight"
    if file.name == "LICENSE":
        return Path(f"LICENSE.{name}")
    return Path("fonts", file.name) if file.suffix == ".woff2" else Path(file.name)


def fetch() -> None:
    """All of them, and the record."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    record = {}
    with tempfile.TemporaryDirectory() as folder:
        wanted = [f"{name}@{version}" for name, (version, _) in PACKAGES.items()]
        subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, *wanted],
            check=True,
        )
        for name, (version, patterns) in PACKAGES.items():
            source = Path(folder, "node_modules", name)
            said = json.loads((source / "package.json").read_text())
            files = sorted(file for pattern in patterns for file in source.glob(pattern))
            kept = {str(place(name, file)): _copy(file, FOLDER / place(name, file)) for file in files}
            record[name] = {"version": version, "licence": said["license"], "files": kept}
    RECORD.write_text(json.dumps(record, indent=1) + "\n")


def _copy(file: Path, to: Path) -> str:
    to.parent.mkdir(exist_ok=True)
    shutil.copyfile(file, to)
    return digest(to)


if __name__ == "__main__":
    fetch()
