"""Real model servers as processes of their own, with a tiny Mixtral that is made for them."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import free_port

ENVIRONMENT = Path(__file__).parents[2] / ".venv-models/bin"
MAKER = Path(__file__).parent / "tiny_mixtral.py"
START = 120.0
"""Seconds for a server to import what it needs and load the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealServer:
    """Where a server listens, and the name that it knows its model by."""

    url: str
    model: str


def tiny_mixtral(folder: Path) -> None:
    """Make the model in `folder`: `transformers/` and `tiny.gguf`."""
    assert ENVIRONMENT.is_dir(), "the servers are not installed; say: make test-models"
    subprocess.run([ENVIRONMENT / "python", MAKER, folder], check=True, env=offline(folder))


@contextmanager
def transformers_serve(folder: Path) -> Iterator[RealServer]:
    """`transformers serve`, pinned to the model."""
    model = folder / "transformers"
    port = free_port()
    command = ["transformers", "serve", str(model), "--host", "127.0.0.1", "--port", str(port)]
    with running([*command, "--device", "cpu"], folder, f"http://127.0.0.1:{port}") as url:
        yield RealServer(url=url, model=str(model))


@contextmanager
def llama_cpp_python(folder: Path) -> Iterator[RealServer]:
    """llama-cpp-python's server, set as docs/models.md says."""
    port = free_port()
    command = ["python", "-m", "llama_cpp.server", "--model", str(folder / "tiny.gguf")]
    options = ["--n_ctx", "8192", "--interrupt_requests", "false", "--host", "127.0.0.1", "--port", str(port)]
    with running([*command, *options], folder, f"http://127.0.0.1:{port}") as url:
        yield RealServer(url=url, model="mistralai/Mixtral-8x7B-Instruct-v0.1")


@contextmanager
def running(command: Sequence[str], folder: Path, url: str) -> Iterator[str]:
    """A server that answers, until the end."""
    program, *arguments = command
    with (folder / f"{program}.log").open("wb") as log:
        process = subprocess.Popen(
            [ENVIRONMENT / program, *arguments], stdout=log, stderr=log, env=offline(folder)
        )
        try:
            wait_for(url, process, log.name)
            yield url
        finally:
            process.kill()
            process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes], log: str) -> None:
    """Until the server lists its models."""
    deadline = time.monotonic() + START
    while True:
        try:
            with urllib.request.urlopen(f"{url}/v1/models", timeout=5):
                return
        except urllib.error.URLError:
            assert process.poll() is None, f"the server ended: {log} says why"
            assert time.monotonic() < deadline
            time.sleep(0.1)


def offline(folder: Path) -> dict[str, str]:
    """An environment in which nothing is fetched from a hub, and nothing of the machine's is found."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "HF_HUB_OFFLINE": "1"}
