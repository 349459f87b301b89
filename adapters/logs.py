"""How the log looks: lines for people, or one JSON object a line."""

import json
import logging
import sys
from datetime import UTC, datetime

QUIET = ("discord", "aiohttp", "httpx2", "httpcore2", "huggingface_hub", "asyncio", "redis")
"""Libraries whose finer levels log what people wrote, and tokens."""

SILENT = ("slack_bolt", "slack_sdk")
"""Libraries whose warnings and errors quote whole payloads: we report what goes wrong there ourselves."""


class JsonLines(logging.Formatter):
    """Time, level, logger, message, and the trace of an exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str, style: str) -> None:
    """Log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines()
        if style == "json"
        else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in SILENT:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    for library in QUIET:
        logging.getLogger(library).setLevel(max(logging.getLogger().level, logging.WARNING))
