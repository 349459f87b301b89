"""The page: a chat platform in the browser, on Gradio. An optional part (`mixtral-bot[web]`), imported only
where it is turned on.

A request comes to `gateway`, which knows whose it is (`visitors`, `login`). What people do on the page
becomes events (`actions`, `translate`); what the bot lets be watched becomes what stands there (`pictures`,
`draw`). `page`, `panel` and `mounting` are all that knows Gradio, and `late_import` leaves out what it does
not need.
"""

from adapters.platforms.web.variables import WebVariables, address, incomplete, on
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
    checks="adapters.platforms.web.doctor:checks",
    build="adapters.platforms.web.installed:build",
    quota="web_address_quota",
)
