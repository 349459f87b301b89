"""The page's first steps, as setup does them: what is chosen there is tried, and written to `.env`."""

import hmac
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from adapters.configuration import ENV_FILE, ConfigurationError, Settings, unfit
from adapters.environment import own
from adapters.finding import Finding, Verdict, wrong
from adapters.first_steps import ModelChoice, ServerHere
from adapters.models.huggingface import doctor
from adapters.models.huggingface.here import servers_here
from adapters.operator.doctor.doctor import in_time
from adapters.operator.doctor.report import worst
from adapters.operator.setup import chosen, env_file
from adapters.operator.setup.env_file import Changes, Unwritable

Tried = tuple[Changes, list[Finding]]


class ModelSteps:
    """`adapters.first_steps.FirstSteps`. `restart_now` is called for a restart; `restarts` says that it was.

    `kind` says what values must be, `environ` goes before what is written.
    """

    def __init__(
        self,
        kind: type[Settings],
        restart_now: Callable[[], None],
        *,
        file: Path = ENV_FILE,
        environ: Mapping[str, str] = os.environ,
        look: Callable[[], Awaitable[Sequence[ServerHere]]] = servers_here,
    ) -> None:
        self.key = secrets.token_urlsafe(16)
        self.restarts = False
        self._kind = kind
        self._restart_now = restart_now
        self._file = file
        self._environ = environ
        self._look = look
        self._opened = False
        self._kept = False

    def opens(self, key: str) -> bool:
        """Whether that is the key. It opens once."""
        right = not self._opened and hmac.compare_digest(self.key.encode(), key.encode(errors="replace"))
        self._opened = self._opened or right
        return right

    async def here(self) -> Sequence[ServerHere]:
        """The model servers of this machine."""
        return await self._look()

    async def take(self, choice: ModelChoice) -> Sequence[Finding]:
        """Try it, and where nothing is wrong write it to `.env`; what was found."""
        try:
            file = env_file.read(self._file)
            kept = own(file.values) | own(self._environ)
            changes, found = await (self._server(choice, kept) if choice.url else self._hub(choice, kept))
            if worst(found) is Verdict.WRONG:
                return found
            if choice.longer:
                changes = {**changes, **chosen.LONGER}
            env_file.write(self._file, file.changed(changes))
        except (ConfigurationError, Unwritable) as error:
            return [wrong(str(self._file), str(error), "")]
        self._kept = True
        return found

    def restart(self) -> None:
        """Let running answers end, then start again with what was written."""
        if self._kept:
            self.restarts = True
            self._restart_now()

    async def _server(self, choice: ModelChoice, kept: Mapping[str, str]) -> Tried:
        url = chosen.address(choice.url)
        for name, value in (("MODEL_URL", url), ("MODEL_API_KEY", choice.key)):
            if value and (complaint := unfit(self._kind, name, value)):
                return {}, [wrong("model", complaint, "")]
        wanted, window = (
            choice.model or chosen.now(kept, "MODEL_ID"),
            chosen.now(kept, "MODEL_CONTEXT_TOKENS"),
        )
        asked = chosen.asked(url, wanted, key=choice.key, window=window)
        server = await doctor.described(asked)
        if server.names and wanted not in server.names:
            wanted = doctor.nearest(wanted, server.names)
        shorter = chosen.shorter_window(self._kind, server, wanted, window)
        window = shorter.get("MODEL_CONTEXT_TOKENS", window)
        asked = chosen.asked(url, wanted, key=choice.key, window=window)
        found = await in_time("model", doctor.check(asked))
        return chosen.of_server(url, wanted, key=choice.key, window=shorter), found

    async def _hub(self, choice: ModelChoice, kept: Mapping[str, str]) -> Tried:
        if complaint := unfit(self._kind, "HF_TOKEN", choice.token):
            return {}, [wrong("model", complaint, "")]
        model = choice.model or chosen.now(kept, "MODEL_ID")
        found = await in_time("model", doctor.check(chosen.asked("", model, token=choice.token)))
        return chosen.of_hugging_face(choice.token, model), found
