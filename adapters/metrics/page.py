"""What `/metrics` answers."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from adapters.metrics.names import Metrics


def routes(metrics: Metrics) -> list[web.RouteDef]:
    """For the bot's HTTP server."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return [web.get("/metrics", answer)]
