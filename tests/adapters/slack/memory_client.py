"""The Web API in memory, in place of Slack's: messages that grow, streams that end, people with names."""

import asyncio
from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.workspaces import Workspace
from bot.errors import PlatformError, PlatformFailed
from tests.adapters.slack.recorded import BOT, CHANNEL, TEAM
from tests.servers.slack.block_kit import text_of

LAMP = Workspace(id=TEAM, bot_token="xoxb-lamp", bot_user=BOT)


class Known:
    """The workspaces where the bot is. `fault`: what looking for one raises."""

    def __init__(self, *workspaces: Workspace) -> None:
        self.workspaces = {each.id: each for each in workspaces or (LAMP,)}
        self.fault: Exception | None = None

    async def prepare(self, client: AsyncWebClient) -> None:
        """They are known already."""

    async def find(self, workspace: str) -> Workspace | None:
        if self.fault is not None:
            raise self.fault
        return self.workspaces.get(workspace)

    async def remove(self, workspace: str, told_at: float) -> None:
        self.workspaces.pop(workspace, None)


class MemoryClient(Client):
    """`calls` in their order, `texts` and `blocks` by message. Each call takes `seconds`.

    `replies`: what stands in threads, page by page. `responses`: what was answered at response URLs.
    `faults`: what a method's next calls raise, `None` for one that goes well; `lost`: methods whose next
    call is done, but its answer does not arrive.
    """

    def __init__(self, workspaces: Known | None = None) -> None:
        super().__init__(workspaces or Known())
        self.calls: list[tuple[str, Mapping[str, object]]] = []
        self.texts: dict[str, str] = {}
        self.streaming: set[str] = set()
        self.blocks: dict[str, list[dict[str, Any]]] = {}
        self.people: dict[str, Mapping[str, Any]] = {}
        self.channels: dict[str, Mapping[str, Any]] = {CHANNEL: {"id": CHANNEL, "creator": "U02FOUNDER1"}}
        self.faults: Mapping[str, list[PlatformError | None]] = {}
        self.lost: list[str] = []
        self.responses: list[tuple[str, Mapping[str, object]]] = []
        self.replies: list[list[Mapping[str, Any]]] = [[]]
        self.posted: list[Mapping[str, Any]] = []
        self.seconds = 0.0

    def called(self, *methods: str) -> list[str]:
        """The names of the calls, in their order: of these methods, or of all."""
        return [method for method, _ in self.calls if not methods or method in methods]

    async def __call__(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        return await self._answer(method, arguments)

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        return await self._answer(method, arguments)

    async def respond(self, url: str, body: Mapping[str, object]) -> bool:
        self.responses.append((url, body))
        return True

    async def _answer(self, method: str, arguments: Mapping[str, object]) -> Mapping[str, Any]:
        self.calls.append((method, arguments))
        if self.faults.get(method) and (fault := self.faults[method].pop(0)) is not None:
            raise fault
        answer = self._done(method, arguments)
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if method in self.lost:
            self.lost.remove(method)
            raise PlatformFailed("Slack was not reached: TimeoutError")
        return answer

    def _done(self, method: str, arguments: Mapping[str, object]) -> Mapping[str, Any]:
        blocks = [dict(block) for block in arguments.get("blocks") or ()]  # type: ignore[attr-defined]  # a list
        text = str(arguments.get("markdown_text") or text_of(blocks))
        ts = str(arguments.get("ts", ""))
        match method:
            case "chat.postMessage" | "chat.startStream":
                ts = f"{1795001000 + len(self.calls)}.000100"
                self.texts[ts], self.blocks[ts] = text, blocks
                self.posted.append({"ts": ts, "user": BOT, "metadata": arguments.get("metadata")})
                if method == "chat.startStream":
                    self.streaming.add(ts)
                return {"ts": ts}
            case "chat.appendStream" | "chat.stopStream":
                if ts not in self.streaming:
                    raise refusal("message_not_in_streaming_state")
                self.texts[ts] += text
                if method == "chat.stopStream":
                    self.streaming.discard(ts)
                    self.blocks[ts] = blocks
            case "chat.update":
                if ts in self.streaming:
                    raise refusal("streaming_state_conflict")
                self.texts[ts], self.blocks[ts] = text, blocks
            case "conversations.info":
                channel = str(arguments["channel"])
                if channel not in self.channels:
                    raise refusal("channel_not_found")
                return {"channel": self.channels[channel]}
            case "conversations.replies":
                number = int(str(arguments.get("cursor") or 0))
                more = {"next_cursor": str(number + 1)} if number + 1 < len(self.replies) else {}
                return {"messages": [*self.replies[number], *self.posted], "response_metadata": more}
            case "users.info":
                user = str(arguments["user"])
                if user not in self.people:
                    raise refusal("user_not_found")
                return {"user": self.people[user]}
        return {}
