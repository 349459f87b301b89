"""The page: a chat platform in the browser, on Gradio. An optional part (`mixtral-bot[web]`), imported only
where it is turned on.

`door` lets browsers in, `page` is all that knows Gradio, `desk` turns what people do there into the bot's
events and says what stands on the page, `boards` remembers what is being shown.
"""
