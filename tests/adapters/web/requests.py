"""Requests to an ASGI application, without a socket."""

import asyncio
from dataclasses import dataclass

from adapters.platforms.web.responses import App, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`headers` by their names in small letters; of cookies, see `cookies`."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    text: str


async def request(
    app: App,
    path: str,
    *,
    method: str = "GET",
    query: str = "",
    cookies: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    body: str | bytes = "",
    address: str = "10.0.0.1",
    scheme: str = "http",
    comes: asyncio.Event | None = None,
) -> Answer:
    """What the application answers to one request. `comes`: when its body does."""
    sent: list[Message] = []
    given = {"Host": "127.0.0.1:7860", **(headers or {})}
    whole = body.encode() if isinstance(body, str) else body
    if cookies:
        given["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())

    async def receive() -> Message:
        if comes is not None:
            await comes.wait()
        return {"type": "http.request", "body": whole, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "scheme": scheme,
        "client": (address, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    await app(scope, receive, send)
    start = sent[0]
    pairs = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    baked = [value.partition(";")[0].partition("=") for name, value in pairs if name == "set-cookie"]
    return Answer(
        status=start["status"],
        headers=dict(pairs),
        cookies={name: value for name, _, value in baked},
        text=b"".join(message.get("body", b"") for message in sent[1:]).decode(),
    )
