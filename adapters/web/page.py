"""The page itself: all that is known of Gradio. What stands on it and what comes of it is the desk's."""

from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from adapters.web.desk import Desk, Viewer
from adapters.web.markdown import styles
from adapters.web.visitors import Visitor
from bot.languages import speaker
from bot.ports import Receive

HERE = Path(__file__).parent

Update = dict[gr.blocks.Block, Any]

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONOSPACE = ("ui-monospace", "Cascadia Mono", "Menlo", "Consolas", "Liberation Mono", "monospace")
"""Fonts that lie on people's machines: none is fetched."""

EXPORT, FORGET = "export", "forget"


class Page:
    """The page in one language. `visitor_of` tells who sent a request."""

    def __init__(
        self, desk: Desk, receive: Receive, language: str, visitor_of: Callable[[Any], Visitor | None]
    ) -> None:
        self._desk = desk
        self._receive = receive
        self._language = language
        self._say = speaker(language)
        self._visitor_of = visitor_of
        self._viewers: dict[str, Viewer] = {}

    def owner(self, page: str) -> str | None:
        """Whose session an open page belongs to, by the name that Gradio gives it."""
        viewer = self._viewers.get(page)
        return viewer.visitor.session if viewer is not None else None

    def blocks(self) -> gr.Blocks:
        """Everything on it, with what happens."""
        say = self._say
        with gr.Blocks(title="Mixtral", analytics_enabled=False, fill_height=True, fill_width=True) as blocks:
            wanted = gr.Textbox(visible=False)
            with gr.Sidebar(position="left", width=270, elem_id="left"):
                gr.HTML(f"<h1>{say('home_title')}</h1>")
                new = gr.Button(say("web_new"), variant="secondary", elem_id="new")
                self._list = gr.HTML(
                    elem_id="conversations",
                    js_on_load=_script("list.js"),
                    sure=say("web_delete_sure"),
                )
                with gr.Accordion(say("web_your_data"), open=False):
                    export = gr.Button(say("web_export"), size="sm")
                    forget = gr.Button(say("web_forget"), size="sm", variant="stop")
            with gr.Sidebar(position="right", width=320, elem_id="right"):
                self._panel()
            with gr.Column(elem_id="middle"):
                self._log = gr.HTML(
                    value=[],
                    html_template=f'<div class="log" role="log" aria-label="{say("web_conversation")}" tabindex="0"></div>',
                    js_on_load=_script("page.js"),
                    apply_default_css=False,
                    elem_id="conversation",
                    copied=say("web_copied"),
                )
                with gr.Row(elem_id="composer"):
                    self._question = gr.Textbox(
                        label=say("web_ask"),
                        show_label=False,
                        placeholder=say("web_ask_hint"),
                        lines=1,
                        max_lines=8,
                        autofocus=True,
                        container=False,
                        elem_id="question",
                        scale=1,
                    )
                    self._send = gr.Button(say("web_send"), variant="primary", elem_id="send", scale=0)
                    self._stop = gr.Button(say("button_stop"), visible=False, elem_id="stop", scale=0)
            hidden = {"show_progress": "hidden", "queue": True, "api_visibility": "private"}
            blocks.load(
                self._watch,
                inputs=[wanted],
                outputs=[self._log, self._list, self._stop],
                js="() => [location.hash.slice(1)]",
                concurrency_limit=None,
                **hidden,
            )
            gr.on(
                [self._question.submit, self._send.click],
                self._ask,
                inputs=[self._question],
                outputs=[self._question],
                **hidden,
            )
            self._log.act(self._act, **hidden)
            self._stop.click(self._pressing("stop"), **hidden)
            new.click(self._new, **hidden)
            self._list.pick(self._pick, **hidden)
            self._list.remove(self._remove, **hidden)
            export.click(self._pressing(EXPORT), **hidden)
            forget.click(self._pressing(FORGET), **hidden)
        return blocks

    def _panel(self) -> None:
        gr.Markdown(f"## {self._say('form_title')}")

    async def _watch(self, wanted: str, request: gr.Request) -> AsyncIterator[Update]:
        """Show what stands on the page, for as long as it is open."""
        viewer = self._desk.opened(self._visitor(request), self._language, wanted or "")
        page = str(request.session_hash)
        self._viewers[page] = viewer
        try:
            async for picture in self._desk.pictures(viewer):
                yield {
                    self._log: list(picture.messages),
                    self._list: picture.conversations,
                    self._stop: gr.update(visible=picture.busy),
                }
        finally:
            del self._viewers[page]

    def _visitor(self, request: gr.Request) -> Visitor:
        visitor = self._visitor_of(request.request.scope)
        if visitor is None:
            raise gr.Error(self._say("web_no_cookies"), print_exception=False)
        return visitor

    def _viewer(self, request: gr.Request) -> Viewer:
        viewer = self._viewers.get(str(request.session_hash))
        if viewer is None or viewer.visitor.session != self._visitor(request).session:
            raise gr.Error(self._say("web_reload"), print_exception=False)
        return viewer

    async def _ask(self, text: str, request: gr.Request) -> str:
        await self._desk.ask(self._receive, self._viewer(request), text)
        return ""

    async def _act(self, event: gr.EventData, request: gr.Request) -> None:
        viewer = self._viewer(request)
        name, target, argument = (str(event._data.get(key, "")) for key in ("name", "target", "argument"))
        match name:
            case "ask":
                await self._desk.ask(self._receive, viewer, argument)
            case "edit":
                await self._desk.edit(self._receive, viewer, target, argument)
            case _:
                await self._desk.press(self._receive, viewer, name, argument, target)

    def _pressing(self, name: str) -> Callable[..., Any]:
        async def press(request: gr.Request) -> None:
            await self._desk.press(self._receive, self._viewer(request), name, "", "")

        return press

    async def _new(self, request: gr.Request) -> None:
        self._desk.turn_to(self._viewer(request), "")

    async def _pick(self, event: gr.EventData, request: gr.Request) -> None:
        self._desk.turn_to(self._viewer(request), str(event._data.get("name", "")))

    async def _remove(self, event: gr.EventData, request: gr.Request) -> None:
        await self._desk.delete(self._receive, self._viewer(request), str(event._data.get("name", "")))


def mounted(
    desk: Desk, receive: Receive, tags: Iterable[str], visitor_of: Callable[[Any], Visitor | None]
) -> tuple[FastAPI, list[Page]]:
    """The page in every language, each under its tag."""
    app, pages = FastAPI(openapi_url=None), []
    for tag in tags:
        page = Page(desk, receive, tag, visitor_of)
        gr.mount_gradio_app(
            app,
            page.blocks(),
            path=f"/{tag}",
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            max_file_size=0,
            theme=theme(),
            css=stylesheet(),
            head=f'<script>document.documentElement.lang = "{tag}"</script>',
        )
        pages.append(page)
    return app, pages


def theme() -> gr.themes.Base:
    """Quiet colours in light and dark, and the machine's own fonts."""
    return gr.themes.Base(
        primary_hue="orange", neutral_hue="slate", font=FONTS, font_mono=MONOSPACE, radius_size="lg"
    )


def stylesheet() -> str:
    """The page's own rules, and the colours of code in light and dark."""
    return "\n".join((_script("page.css"), styles("friendly", ".code"), styles("github-dark", ".dark .code")))


def _script(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
