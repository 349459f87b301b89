"""The page in Gradio, which only this module, `panel` and `mounting` know. What people do on it goes to
`actions`; what stands on it comes from `pictures`."""

import itertools
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import gradio as gr

from adapters.platforms.web import controls
from adapters.platforms.web.actions import Actions, Viewer
from adapters.platforms.web.assets import asset
from adapters.platforms.web.limits import OPEN_EACH, OPEN_PAGES, QUEUE_PAUSE
from adapters.platforms.web.panel import QUIET, Panel
from adapters.platforms.web.pictures import Pictures, Showing
from adapters.platforms.web.visitors import Visitor
from bot.conversation.verbs import EXPORT, FORGET, STOP, Verb
from bot.conversation.views import Notice, Outcome
from bot.languages import speaker

Update = dict[gr.blocks.Block, Any]

LOG_OUT = "() => fetch('/logout{}', {{ method: 'POST' }}).then(() => {{ location.href = '/' }})"

MOST_KNOWN = 10_000
"""Open pages of which we remember whose they are."""


class Page:
    """The page in one language. `visitor_of` tells who sent a request; `locked`: people have to log in."""

    def __init__(
        self,
        actions: Actions,
        pictures: Pictures,
        language: str,
        *,
        visitor_of: Callable[[Any], Visitor | None],
        locked: bool,
    ) -> None:
        self._actions = actions
        self._pictures = pictures
        self._language = language
        self._say = speaker(language)
        self._visitor_of = visitor_of
        self._locked = locked
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._showing: dict[str, Showing] = {}
        self._serial = itertools.count(1)

    def owner(self, page: str) -> str | None:
        """Whose session an open page belongs to, by the name that Gradio gives it."""
        return self._owners.get(page)

    def blocks(self) -> gr.Blocks:
        """Everything on it, with what happens."""
        say = self._say
        built = gr.Blocks(title="Mixtral", analytics_enabled=False, fill_height=True, fill_width=True)
        with built as blocks:
            blocks.max_threads = OPEN_PAGES
            blocks.queue(default_concurrency_limit=None)
            # Gradio looks for work a thousand times a second, which costs a twentieth of a core for nothing.
            blocks._queue.sleep_when_free = QUEUE_PAUSE
            self._open = gr.Textbox(visible=False)
            with gr.Sidebar(position="left", width=270, elem_id="left"):
                gr.HTML(f"<h1>{say('home_title')}</h1>")
                new = gr.Button(say("web_new"), variant="secondary", elem_id="new")
                self._list = gr.HTML(
                    elem_id="conversations",
                    js_on_load=asset("list.js"),
                    sure=say("web_delete_sure"),
                )
                with gr.Accordion(say("web_your_data"), open=False):
                    export = gr.Button(say("web_export"), size="sm")
                    forget = gr.Button(say("web_forget"), size="sm", variant="stop")
                if self._locked:
                    for words, where in (("web_log_out", ""), ("web_log_out_everywhere", "?everywhere")):
                        leave = gr.Button(say(words), size="sm")
                        leave.click(None, js=LOG_OUT.format(where), api_visibility="private")
            with gr.Sidebar(position="right", width=320, elem_id="right"):
                self._panel = Panel(say, save=self._save, read=self._values)
            with gr.Column(elem_id="middle"):
                self._log = gr.HTML(
                    value={"serial": 0, "conversation": "", "messages": []},
                    html_template='<div class="log" role="log" tabindex="0" aria-label="${label}"></div>',
                    label=say("web_conversation"),
                    js_on_load=asset("page.js"),
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
            self._listen(blocks, new, export, forget)
            blocks.load(self._panel.shows, outputs=self._panel.outputs, **QUIET)
            self._panel.listen()
        return built

    def _listen(self, blocks: gr.Blocks, new: gr.Button, export: gr.Button, forget: gr.Button) -> None:
        """Each of these does something, then shows what comes of it for as long as it grows."""
        view = [self._open, self._log, self._list, self._stop]
        shows: dict[str, Any] = {**QUIET, "outputs": view, "trigger_mode": "multiple"}
        blocks.load(self._load, [self._open], js="() => [location.hash.slice(1)]", **shows)
        gr.on(
            [self._question.submit, self._send.click],
            self._ask,
            [self._open, self._question],
            **{**shows, "outputs": [self._question, *self._panel.outputs, *view]},
        )
        self._log.act(self._act, [self._open], **shows)
        self._log.resume(self._load, [self._open], **shows)
        self._list.pick(self._pick, **shows)
        self._list.remove(self._remove, [self._open], **shows)
        self._stop.click(self._pressing(STOP), [self._open], **shows)
        new.click(self._new, **shows)
        export.click(self._pressing(EXPORT), [self._open], **shows)
        forget.click(self._pressing(FORGET), [self._open], **shows)

    async def _load(self, wanted: str, request: gr.Request) -> AsyncIterator[Update]:
        """Show that conversation, with what was said on the page before."""
        before = self._showing.get(str(request.session_hash))
        notice = before.notice if before else None
        async for update in self._shown(self._here(wanted, request), request, notice):
            yield update

    async def _ask(self, conversation: str, text: str, request: gr.Request) -> AsyncIterator[Update]:
        yield {self._question: ""}
        viewer = self._here(conversation, request)
        notice = await self._actions.ask(viewer, text)
        if notice is not None and notice.outcome is Outcome.DONE:
            yield await self._panel.shows(request)  # a setting can be changed in words, too
        async for update in self._shown(viewer, request, notice):
            yield update

    async def _act(
        self, conversation: str, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[Update]:
        viewer = self._viewer(conversation, request)
        name, target, argument = (str(event._data.get(key, "")) for key in ("name", "target", "argument"))
        match name:
            case "dismiss":
                notice = None
            case "ask":
                notice = await self._actions.ask(viewer, argument)
            case "edit":
                notice = await self._actions.edit(viewer, target, argument)
            case _:
                notice = await self._actions.press(viewer, name, argument, target)
        async for update in self._shown(viewer, request, notice):
            yield update

    def _pressing(self, verb: Verb) -> Callable[[str, gr.Request], AsyncIterator[Update]]:
        async def press(conversation: str, request: gr.Request) -> AsyncIterator[Update]:
            viewer = self._viewer(conversation, request)
            notice = await self._actions.press(viewer, verb.word)
            async for update in self._shown(viewer, request, notice):
                yield update

        return press

    async def _new(self, request: gr.Request) -> AsyncIterator[Update]:
        async for update in self._shown(self._viewer("", request), request):
            yield update

    async def _pick(self, event: gr.EventData, request: gr.Request) -> AsyncIterator[Update]:
        async for update in self._shown(self._viewer(str(event._data.get("name", "")), request), request):
            yield update

    async def _remove(
        self, conversation: str, event: gr.EventData, request: gr.Request
    ) -> AsyncIterator[Update]:
        name = str(event._data.get("name", ""))
        await self._actions.delete(self._viewer(conversation, request), name)
        viewer = self._viewer("" if name == conversation else conversation, request)
        async for update in self._shown(viewer, request):
            yield update

    async def _shown(
        self, viewer: Viewer, request: gr.Request, notice: Notice | None = None
    ) -> AsyncIterator[Update]:
        """What stands on the page, until it is left or something else is shown on it. Gradio looks whether
        anybody is there when something is sent, and closes this where nobody is."""
        page = str(request.session_hash)
        before = self._showing.get(page)
        showing = before.then(viewer, notice) if before else Showing(viewer=viewer, notice=notice)
        self._showing[page] = showing
        try:
            async with aclosing(self._pictures.show(showing)) as pictures:
                async for picture in pictures:
                    if picture is None:
                        yield {self._open: viewer.conversation}
                        continue
                    yield {
                        self._open: picture.conversation,
                        self._log: {
                            "serial": next(self._serial),
                            "conversation": picture.conversation,
                            "messages": list(picture.messages),
                        },
                        self._list: picture.conversations,
                        self._stop: gr.update(visible=picture.busy),
                    }
        finally:
            if self._showing.get(page) is showing:
                del self._showing[page]

    def _visitor(self, request: gr.Request) -> Visitor:
        """Who sent a request: the page that it comes from is theirs from then on, and nobody else's."""
        scope = request.request.scope if request.request is not None else None
        visitor = self._visitor_of(scope) if scope is not None else None
        if visitor is None:
            raise gr.Error(self._say("web_no_cookies"), print_exception=False)
        page = str(request.session_hash)
        if self._owners.setdefault(page, visitor.session) != visitor.session:
            raise gr.Error(self._say("web_reload"), print_exception=False)
        self._owners.move_to_end(page)
        while len(self._owners) > MOST_KNOWN:
            self._owners.popitem(last=False)
        self._leave_oldest(visitor, page)
        return visitor

    def _leave_oldest(self, visitor: Visitor, page: str) -> None:
        """Of the other pages of one visitor, as many go on as somebody can look at beside this one."""
        others = [
            each for each in self._showing if each != page and self._owners.get(each) == visitor.session
        ]
        for each in others[: 1 - OPEN_EACH]:
            self._showing[each].left.set()

    def _here(self, conversation: str, request: gr.Request) -> Viewer:
        """Who looks at the conversation that the page names; at what it is being shown where it names none
        yet, as a question can be there before the page has been drawn."""
        showing = self._showing.get(str(request.session_hash))
        if conversation or showing is None:
            return self._viewer(conversation, request)
        return showing.viewer

    def _viewer(self, conversation: str, request: gr.Request) -> Viewer:
        return self._actions.viewer(self._visitor(request), self._language, conversation or "")

    async def _save(self, request: gr.Request, changes: Mapping[str, str]) -> Notice:
        return await self._actions.save(self._visitor(request), self._language, changes)

    async def _values(self, request: gr.Request) -> controls.Values:
        panel = await self._actions.panel(self._visitor(request), self._language)
        if panel is None:
            raise gr.Error(self._say("store_unavailable"), print_exception=False)
        return controls.values(panel, self._say)
