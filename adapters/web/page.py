"""The page itself: all that is known of Gradio. What stands on it and what comes of it is the desk's."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import gradio as gr
from fastapi import FastAPI

from adapters.web import controls
from adapters.web.desk import Desk, Viewer
from adapters.web.markdown import styles
from adapters.web.panel import QUIET, Panel
from adapters.web.visitors import Visitor
from bot.errors import StoreUnavailable
from bot.languages import speaker
from bot.ports import Receive

HERE = Path(__file__).parent

Update = dict[gr.blocks.Block, Any]

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONOSPACE = ("ui-monospace", "Cascadia Mono", "Menlo", "Consolas", "Liberation Mono", "monospace")
"""Fonts that lie on people's machines: none is fetched."""

HEAD = """<script>document.documentElement.lang = "{language}"</script>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
%3Crect width='32' height='32' rx='8' fill='%23b4410e'/%3E%3Cpath d='M8 23V10l8 8 8-8v13' \
fill='none' stroke='white' stroke-width='3.500'/%3E%3C/svg%3E">"""

LOG_OUT = "() => fetch('/logout', { method: 'POST' }).then(() => { location.href = '/' })"

OPENS = 10.0
"""Seconds that a page may take to say that it is open."""

EXPORT, FORGET = "export", "forget"


class Page:
    """The page in one language. `visitor_of` tells who sent a request; `locked`: people have to log in."""

    def __init__(
        self,
        desk: Desk,
        receive: Receive,
        language: str,
        *,
        visitor_of: Callable[[Any], Visitor | None],
        locked: bool,
    ) -> None:
        self._desk = desk
        self._receive = receive
        self._language = language
        self._say = speaker(language)
        self._visitor_of = visitor_of
        self._locked = locked
        self._viewers: dict[str, Viewer] = {}
        self._came = asyncio.Condition()

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
                if self._locked:
                    gr.Button(say("web_log_out"), size="sm").click(None, js=LOG_OUT, api_visibility="private")
            with gr.Sidebar(position="right", width=320, elem_id="right"):
                panel = Panel(
                    say,
                    [model.name for model in self._desk.tuning.models],
                    save=self._save,
                    look=self._values,
                    wrong=self._wrong,
                )
            with gr.Column(elem_id="middle"):
                self._log = gr.HTML(
                    value={"conversation": "", "messages": []},
                    html_template='<div class="log" role="log" tabindex="0" '
                    f'aria-label="{say("web_conversation")}"></div>',
                    js_on_load=_script("page.js"),
                    apply_default_css=False,
                    elem_id="conversation",
                    copied=say("web_copied"),
                    left=say("web_conversations"),
                    right=say("web_panel"),
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
            blocks.load(
                self._watch,
                inputs=[wanted],
                outputs=[self._log, self._list, self._stop],
                js="() => [location.hash.slice(1)]",
                **QUIET,
            )
            blocks.load(panel.shows, outputs=panel.outputs, **QUIET)
            panel.listen()
            gr.on(
                [self._question.submit, self._send.click],
                self._ask,
                inputs=[self._question],
                outputs=[self._question],
                **QUIET,
            )
            self._log.act(self._act, **QUIET)
            self._stop.click(self._pressing("stop"), **QUIET)
            new.click(self._new, **QUIET)
            self._list.pick(self._pick, **QUIET)
            self._list.remove(self._remove, **QUIET)
            export.click(self._pressing(EXPORT), **QUIET)
            forget.click(self._pressing(FORGET), **QUIET)
        return cast("gr.Blocks", blocks)

    async def _watch(self, wanted: str, request: gr.Request) -> AsyncIterator[Update]:
        """Show what stands on the page, for as long as it is open."""
        viewer = self._desk.opened(self._visitor(request), self._language, wanted or "")
        page = str(request.session_hash)
        async with self._came:
            self._viewers[page] = viewer
            self._came.notify_all()
        try:
            async for picture in self._desk.pictures(viewer):
                yield {
                    self._log: {
                        "conversation": picture.conversation,
                        "messages": list(picture.messages),
                    },
                    self._list: picture.conversations,
                    self._stop: gr.update(visible=picture.busy),
                }
        finally:
            del self._viewers[page]

    def _visitor(self, request: gr.Request) -> Visitor:
        visitor = self._visitor_of(request.request.scope) if request.request else None
        if visitor is None:
            raise gr.Error(self._say("web_no_cookies"), print_exception=False)
        return visitor

    async def _viewer(self, request: gr.Request) -> Viewer:
        """The page that a request comes from: it may be quicker than what tells us that the page is open."""
        page, visitor = str(request.session_hash), self._visitor(request)
        try:
            async with asyncio.timeout(OPENS), self._came:
                await self._came.wait_for(lambda: page in self._viewers)
        except TimeoutError:
            raise gr.Error(self._say("web_reload"), print_exception=False) from None
        viewer = self._viewers[page]
        if viewer.visitor.session != visitor.session:
            raise gr.Error(self._say("web_reload"), print_exception=False)
        return viewer

    async def _ask(self, text: str, request: gr.Request) -> str:
        await self._desk.ask(self._receive, await self._viewer(request), text)
        return ""

    async def _act(self, event: gr.EventData, request: gr.Request) -> None:
        viewer = await self._viewer(request)
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
            await self._desk.press(self._receive, await self._viewer(request), name, "", "")

        return press

    async def _new(self, request: gr.Request) -> None:
        self._desk.turn_to(await self._viewer(request), "")

    async def _pick(self, event: gr.EventData, request: gr.Request) -> None:
        self._desk.turn_to(await self._viewer(request), str(event._data.get("name", "")))

    async def _remove(self, event: gr.EventData, request: gr.Request) -> None:
        await self._desk.delete(self._receive, await self._viewer(request), str(event._data.get("name", "")))

    async def _save(self, request: gr.Request, typed: Mapping[str, str]) -> str:
        return await self._desk.save(self._receive, self._visitor(request), self._language, typed)

    async def _values(self, request: gr.Request) -> controls.Values:
        try:
            overview = await self._desk.look(self._visitor(request))
        except StoreUnavailable as down:
            raise gr.Error(self._say("store_unavailable"), print_exception=False) from down
        return controls.values(overview, self._say)

    def _wrong(self, word: str, text: str) -> str:
        return self._desk.tuning.wrong({word: text}, self._say).get(word, "")


def mounted(
    desk: Desk,
    receive: Receive,
    tags: Iterable[str],
    *,
    visitor_of: Callable[[Any], Visitor | None],
    locked: bool,
) -> tuple[FastAPI, list[Page]]:
    """The page in every language, each under its tag."""
    app, pages = FastAPI(openapi_url=None), []
    for tag in tags:
        page = Page(desk, receive, tag, visitor_of=visitor_of, locked=locked)
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
            # Gradio rewrites rules that it is given as `css`.
            head=f"<style>{stylesheet()}</style>{HEAD.format(language=tag)}",
        )
        pages.append(page)
    return app, pages


def theme() -> gr.themes.Base:
    """Quiet colours in light and dark, readable in both, and the machine's own fonts."""
    quiet = {"light": "#556173", "dark": "#a9b5c6"}
    return gr.themes.Base(
        primary_hue="orange", neutral_hue="slate", font=FONTS, font_mono=MONOSPACE, radius_size="lg"
    ).set(
        body_text_color_subdued=quiet["light"],
        body_text_color_subdued_dark=quiet["dark"],
        block_info_text_color=quiet["light"],
        block_info_text_color_dark=quiet["dark"],
        input_placeholder_color=quiet["light"],
        input_placeholder_color_dark=quiet["dark"],
    )


def stylesheet() -> str:
    """The page's own rules, and the colours of code in light and dark."""
    return "\n".join((_script("page.css"), styles("friendly", ".code"), styles("github-dark", ".dark .code")))


def _script(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
