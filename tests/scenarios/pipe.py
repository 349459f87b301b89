"""The terminal chat, on a pipe."""

from pathlib import Path

from tests.program import outcome


async def piped(lines: str, tmp_path: Path, *, installed: bool = False, **environment: str) -> str:
    """What `mixtral-bot chat` prints for these lines, its white space made even."""
    variables = {"DATA_DIR": str(tmp_path / "kept"), **environment}
    ended = await outcome("chat", folder=tmp_path, environment=variables, typed=lines, installed=installed)
    assert ended.code == 0, ended.err
    return " ".join(ended.out.split())
