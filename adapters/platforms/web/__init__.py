"""The page: a chat platform in the browser. An optional part (`mixtral-bot[web]`), imported only where it is
turned on.

A request comes to `gateway`, which knows whose it is (`visitors`, `login`), and goes on to `front`. What
people do on the page becomes events (`actions`, `translate`); what the bot lets be watched becomes what
stands there (`pictures`, `draw`), and what differs from what stood there before is sent (`changes`). The page
itself are the scripts under `assets/`, which `index` gives out: no other part knows HTML.
"""

from adapters.platforms.web.variables import WebVariables, address, first_steps, incomplete, on
from adapters.registration import Registration

PLATFORM = Registration(
    name="web",
    title="The page in the browser",
    variables=WebVariables,
    prefix="WEB_",
    common=True,
    on=on,
    incomplete=incomplete,
    address=address,
    first_steps=first_steps,
    setup="adapters.platforms.web.setup:ask",
    secrets={"web_password": "The page's password, for other machines."},
    checks="adapters.platforms.web.doctor:checks",
    build="adapters.platforms.web.installed:build",
    quota="web_address_quota",
)
