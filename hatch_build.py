"""Puts into what is built of which commit it is: `COMMIT` says it, or git, or the sdist it is built from."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACE = "adapters/commit.txt"


class CommitHook(BuildHookInterface[Any]):
    """Adds one file to the wheel and the sdist, and none to the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel or an sdist is written."""
        if version == "editable" or (Path(self.root) / PLACE).exists():
            return
        commit = os.environ.get("COMMIT") or self._of_git()
        if commit:
            self._folder = tempfile.TemporaryDirectory()
            file = Path(self._folder.name) / "commit.txt"
            file.write_text(f"{commit}\n")
            build_data["force_include"][str(file)] = PLACE

    def _of_git(self) -> str:
        # A checkout alone: an sdist may lie inside of somebody else's.
        if not (Path(self.root) / ".git").exists():
            return ""
        command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
        try:
            said = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            return ""
        return said.stdout.strip()
