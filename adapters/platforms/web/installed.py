"""The page where it can be: it is an optional part, and its address may be taken."""

import logging
from importlib.util import find_spec

from adapters.platforms.web.site import Site
from adapters.platforms.web.variables import WebVariables, first_steps
from adapters.registration import Built, Needs
from adapters.variables import ConfigurationError, shown

logger = logging.getLogger(__name__)


def build(needs: Needs[WebVariables]) -> Built | None:
    """The page. Where the operator did not ask for one, the bot goes on without: `None`.

    Raises `ConfigurationError` and `AddressTaken`.
    """
    variables = needs.variables
    asked_for = "web_port" in variables.model_fields_set
    if find_spec("uvicorn") is None:
        words = (
            "The page in the browser needs more than is installed: pip install 'mixtral-bot[web]', "
            "or set WEB_PORT=0 for no page."
        )
        if asked_for:
            raise ConfigurationError(words)
        logger.warning("%s", words)
        return None
    # An optional part, and nothing of it is there unless it is used.
    from adapters.platforms.web.assembly import web  # noqa: PLC0415
    from adapters.platforms.web.listening import AddressTaken  # noqa: PLC0415

    users = {name: shown(secret) for name, secret in variables.web_users.items()}
    if variables.web_password is not None:
        users[""] = shown(variables.web_password)
    try:
        return Built(
            platform=web(
                host=variables.web_host,
                port=variables.web_port,
                users=users,
                records=needs.records,
                history_days=needs.history_days,
                first_steps=needs.first_steps if first_steps(variables, "") else None,
                site=Site(url=variables.web_url, host=variables.web_host, proxies=variables.web_proxies),
            )
        )
    except AddressTaken as taken:
        if asked_for:
            raise
        logger.warning("There is no page in the browser. %s", taken)
        return None
