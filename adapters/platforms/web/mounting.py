"""Puts the page under its addresses, one for each language, and gives it its looks."""

from collections.abc import Callable, Iterable
from typing import Any

import gradio as gr
from fastapi import FastAPI

from adapters.platforms.web.actions import Actions
from adapters.platforms.web.assets import asset
from adapters.platforms.web.markdown import styles
from adapters.platforms.web.page import Page
from adapters.platforms.web.pictures import Pictures
from adapters.platforms.web.policy import LANGUAGE
from adapters.platforms.web.unasked import icon_address
from adapters.platforms.web.visitors import Visitor

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONOSPACE = ("ui-monospace", "Cascadia Mono", "Menlo", "Consolas", "Liberation Mono", "monospace")
"""Fonts that lie on people's machines: none is fetched."""

HEAD = """<script>{script}</script>
<link rel="icon" href="{icon}">"""


def mounted(
    actions: Actions,
    pictures: Pictures,
    tags: Iterable[str],
    *,
    visitor_of: Callable[[Any], Visitor | None],
    locked: bool,
) -> tuple[FastAPI, list[Page]]:
    """The page in every language, each under its tag."""
    app, pages = FastAPI(openapi_url=None), []
    for tag in tags:
        head = HEAD.format(script=LANGUAGE.format(language=tag), icon=icon_address())
        page = Page(actions, pictures, tag, visitor_of=visitor_of, locked=locked)
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
            head=f"<style>{stylesheet()}</style>{head}",
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
    return "\n".join((asset("page.css"), styles("friendly", ".code"), styles("github-dark", ".dark .code")))
