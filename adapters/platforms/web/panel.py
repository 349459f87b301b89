"""The settings beside the conversation, in Gradio's controls."""

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any

import gradio as gr

from adapters.platforms.web import controls
from adapters.platforms.web.controls import Values
from bot.conversation.settings import DEFAULT, PRESET, RANDOM, WORDS, Setting
from bot.conversation.views import Notice, Outcome
from bot.languages import Say

Save = Callable[[gr.Request, Mapping[str, str]], Awaitable[Notice]]
"""Changes settings for whoever sent the request; what the bot says to that."""

Read = Callable[[gr.Request], Awaitable[Values]]
"""What stands in the controls of whoever sent the request."""

Update = dict[Any, Any]

QUIET: Mapping[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
"""For every event: no sign of Gradio's own that it is under way, no public API, and no line to wait in."""

LAST = {**QUIET, "trigger_mode": "always_last"}
"""For a handle that is drawn: of all the values on the way, the last one counts."""


class Panel:
    """Made where the page is made; `shows` brings what is set into its controls."""

    def __init__(self, say: Say, *, save: Save, read: Read) -> None:
        self._say = say
        self._save = save
        self._read = read
        gr.Markdown(f"## {say('web_panel')}\n\n{say('web_panel_info')}", elem_id="panel-title")
        self.preset = gr.Dropdown(
            list(controls.presets(say)),
            label=say("web_preset"),
            info=say("web_preset_info"),
            filterable=False,
        )
        self.system = self._text(controls.SYSTEM, lines=3, max_lines=12, placeholder=say("web_system_hint"))
        with gr.Group(elem_id="temperature"):
            self.temperature = self._slider(controls.SLIDERS[0], elem_classes="typed-beside")
            self.typed = gr.Textbox(
                label=say(f"web_{controls.FIRST}"),
                show_label=False,
                container=False,
                elem_id="temperature-typed",
            )
        self.sliders = {each.word: self._slider(each) for each in controls.SLIDERS[1:]}
        with gr.Group():
            self.seed = self._text(controls.SEED, lines=1, max_lines=1)
            self.random = gr.Checkbox(label=say("web_random"), container=False, elem_id="random")
        self.model = gr.Dropdown([], label=say("web_model"), info=say("web_model_info"), filterable=False)
        self.card = gr.Markdown(elem_id="card")
        self.language = gr.Dropdown(
            list(controls.choices(say)),
            label=say("web_language"),
            info=say("web_language_info"),
            filterable=False,
        )
        self.defaults = gr.Button(say("web_defaults"), size="sm", variant="secondary")
        self.said = gr.HTML(_status(""), elem_id="said")

    @property
    def outputs(self) -> list[Any]:
        """All of them, as outputs."""
        return [
            self.preset,
            self.system,
            self.temperature,
            self.typed,
            *self.sliders.values(),
            self.seed,
            self.random,
            self.model,
            self.card,
            self.language,
            self.said,
        ]

    def listen(self) -> None:
        """Let what is changed be set."""
        self._draw(self.temperature, controls.FIRST, [self.typed])
        for word, slider in self.sliders.items():
            self._draw(slider, word, [])
        self._write(self.typed, controls.FIRST)
        self._write(self.system, controls.SYSTEM)
        gr.on([self.seed.submit, self.seed.blur], self._seed, [self.seed, self.random], self.outputs, **QUIET)
        self.random.input(self._seed, [self.seed, self.random], self.outputs, **QUIET)
        self.preset.input(self._set(PRESET), [self.preset], self.outputs, **QUIET)
        self.model.input(self._set(controls.MODEL), [self.model], self.outputs, **QUIET)
        self.defaults.click(self._back, None, self.outputs, **QUIET)
        # The page in the other language is another page.
        self.language.input(self._speak, [self.language], [self.said], **QUIET).then(
            None, js="() => { location.href = '/' + location.hash }", api_visibility="private"
        )

    async def shows(self, request: gr.Request) -> Update:
        """What is set."""
        return self._shown(await self._read(request))

    def _slider(self, slider: Setting, **options: Any) -> gr.Slider:
        say = self._say
        low = slider.range.low if slider.range is not None else 0.0
        return gr.Slider(
            low,
            slider.handle or low,
            step=slider.step,
            label=say(f"web_{slider.word}"),
            info=say(f"web_{slider.word}_info"),
            buttons=[],
            elem_id=f"set-{slider.word}",
            **options,
        )

    def _text(self, word: str, **options: Any) -> gr.Textbox:
        say = self._say
        return gr.Textbox(
            label=say(f"web_{word}"), info=say(f"web_{word}_info"), elem_id=f"set-{word}", **options
        )

    def _draw(self, slider: gr.Slider, word: str, beside: list[gr.Textbox]) -> None:
        """A handle: its own value is left alone, as somebody may hold it."""

        async def drawn(value: float, request: gr.Request) -> Update:
            notice = await self._save(request, {word: f"{value:g}"})
            values = await self._read(request)
            return {
                slider: gr.update(info=values.infos[word]),
                self.preset: values.preset,
                self.said: _status(notice.text),
                **dict.fromkeys(beside, gr.update(value=values.typed[word])),
            }

        slider.input(drawn, [slider], [slider, self.preset, self.said, *beside], **LAST)

    def _write(self, field: gr.Textbox, word: str) -> None:
        """A field: what is wrong with what was typed is said beside it, and it stays."""

        async def written(text: str, request: gr.Request) -> Update:
            return await self._typed(request, field, word, text)

        gr.on([field.submit, field.blur], written, [field], self.outputs, **QUIET)

    async def _seed(self, text: str, random: bool, request: gr.Request) -> Update:
        return await self._typed(request, self.seed, controls.SEED, controls.seed(text, random=random))

    async def _typed(self, request: gr.Request, field: gr.Textbox, word: str, text: str) -> Update:
        text = text.strip() or DEFAULT
        if text == (await self._read(request)).typed[word]:
            return {self.said: gr.skip()}
        notice = await self._save(request, {word: text})
        if notice.outcome in (Outcome.REFUSED, Outcome.FAILED):
            shown = self.temperature if field is self.typed else field
            return {shown: gr.update(info=f"⚠ {notice.text}"), self.said: _status(notice.text)}
        return {self.said: _status(notice.text), **self._of(word, await self._read(request))}

    def _set(self, word: str) -> Callable[..., Awaitable[Update]]:
        async def chosen(value: str, request: gr.Request) -> Update:
            notice = await self._save(request, {word: value})
            return self._shown(await self._read(request), notice.text)

        return chosen

    async def _back(self, request: gr.Request) -> Update:
        notice = await self._save(request, controls.everything_back())
        return self._shown(await self._read(request), notice.text)

    async def _speak(self, choice: str, request: gr.Request) -> str:
        return _status((await self._save(request, controls.chosen_language(choice))).text)

    def _shown(self, values: Values, said: str = "") -> Update:
        """Everything that is set."""
        updates: Update = {self.preset: values.preset, self.language: values.language}
        for word in WORDS:
            updates |= self._of(word, values)
        return updates | ({self.said: _status(said)} if said else {})

    def _of(self, word: str, values: Values) -> Update:
        """One setting's controls; the others may be in somebody's hands."""
        typed, info = values.typed[word], values.infos[word]
        match word:
            case controls.FIRST:
                handle = gr.update(value=min(float(typed), controls.SLIDERS[0].handle or 0.0), info=info)
                return {self.temperature: handle, self.typed: typed}
            case controls.SEED:
                random = typed == RANDOM
                field = gr.update(value="" if random else typed, info=info, interactive=not random)
                return {self.seed: field, self.random: random}
            case controls.MODEL:
                menu = gr.update(choices=list(values.models), value=typed, info=info)
                return {self.model: menu, self.card: values.model}
            case controls.SYSTEM:
                return {self.system: gr.update(value=typed, info=info)}
            case _:
                return {self.sliders[word]: gr.update(value=float(typed), info=info)}


def _status(text: str) -> str:
    return f'<p role="status">{escape(text)}</p>'
