"""The page: a chat platform in the browser, on Gradio. An optional part (`mixtral-bot[web]`), imported only
where it is turned on.

`door` lets browsers in, `page` is all that knows Gradio, `desk` turns what people do there into the bot's
events and says what stands on the page, `boards` remembers what is being shown.
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
    build="adapters.platforms.web.installed:build",
    quota="web_address_quota",
)
