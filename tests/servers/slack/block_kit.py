"""Block Kit as Slack checks it, from its pages: how long things may be, and what people see of them."""

from typing import Any

from tests.servers.slack.world import No, Payload

MARKDOWN_LENGTH = 12_000
"""Characters of all Markdown in a message: in its blocks together, or in `markdown_text`."""

SURFACES = {"message": 50, "modal": 100, "home": 100}
"""How many blocks each takes."""

TEXTS = {"header": 150, "section": 3000, "context": 2000}
ELEMENTS = {"actions": 25, "context": 10}


def check(blocks: list[Payload], surface: str) -> None:
    """Raises `No` where Slack would refuse them."""
    if len(blocks) > SURFACES[surface]:
        raise No("invalid_blocks")
    markdown = 0
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    _allow(len(ids) == len(set(ids)))
    for block in blocks:
        _allow(len(block.get("block_id", "x")) in range(1, 256))
        match block:
            case {"type": "markdown", "text": str(text)}:
                _allow(surface == "message" and bool(text))
                markdown += len(text)
            case {"type": "header" | "section" as kind, "text": text}:
                _text(text, TEXTS[kind])
            case {"type": "context", "elements": [*elements]}:
                _allow(0 < len(elements) <= ELEMENTS["context"])
                for element in elements:
                    _text(element, TEXTS["context"])
            case {"type": "actions", "elements": [*elements]}:
                _allow(0 < len(elements) <= ELEMENTS["actions"])
                _allow(len({element["action_id"] for element in elements}) == len(elements))
                for element in elements:
                    _button(element)
            case {"type": "input", "label": label, "element": element}:
                _allow(surface != "message")
                _text(label, 2000)
                _text(block.get("hint", {"type": "plain_text", "text": "x"}), 2000)
                _element(element)
            case {"type": "divider"}:
                pass
            case _:
                raise No("invalid_blocks")
    if markdown > MARKDOWN_LENGTH:
        raise No("msg_blocks_too_long")


def check_view(view: Payload) -> None:
    """Raises `No` for a form or a home page that Slack would refuse."""
    _allow(len(view.get("private_metadata", "")) <= 3000, "invalid_arguments")
    if view["type"] == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                _text(view[name], 24)
    check(view["blocks"], view["type"])


def text_of(blocks: list[Payload]) -> str:
    """What is said in them, without what stands small below it and without buttons."""
    texts = []
    for block in blocks:
        match block:
            case {"type": "markdown", "text": str(text)} | {"text": {"text": str(text)}}:
                texts.append(text)
    return "\n".join(texts)


def buttons_of(blocks: list[Payload]) -> dict[str, Payload]:
    """The buttons in them, by what they say, in their order."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {element["text"]["text"]: element for row in rows for element in row}


def initial(block: Payload) -> str:
    """What stands in a field or menu when it opens."""
    element = block["element"]
    option = element.get("initial_option") or {}
    return str(element.get("initial_value") or option.get("value") or "")


def state(block: Payload, typed: str) -> Payload:
    """What a field or menu holds that stands at `typed`, as a form sends it."""
    if block["element"]["type"] != "static_select":
        assert len(typed) <= block["element"].get("max_length", 3000)
        return {"type": "plain_text_input", "value": typed or None}
    found = [option for option in block["element"]["options"] if option["value"] == typed]
    assert found or not typed, f"{typed} can't be picked"
    return {"type": "static_select", "selected_option": found[0] if found else None}


def _button(element: Payload) -> None:
    _allow(element["type"] == "button")
    _text(element["text"], 75)
    _allow(element["text"]["type"] == "plain_text")
    _allow(len(element["action_id"]) <= 255 and len(element.get("value", "")) <= 2000)
    _allow(element.get("style", "primary") in ("primary", "danger"))


def _element(element: Payload) -> None:
    _allow(len(element["action_id"]) <= 255)
    match element:
        case {"type": "plain_text_input"}:
            _allow(len(element.get("initial_value", "")) <= element.get("max_length", 3000) <= 3000)
        case {"type": "static_select", "options": [*options]}:
            _allow(0 < len(options) <= 100)
            _allow("initial_option" not in element or element["initial_option"] in options)
            for option in options:
                _text(option["text"], 75)
                _allow(0 < len(option["value"]) <= 150)
        case _:
            raise No("invalid_blocks")


def _text(text: Any, longest: int) -> None:
    _allow(text["type"] in ("plain_text", "mrkdwn") and 0 < len(text["text"]) <= longest)


def _allow(fine: bool, error: str = "invalid_blocks") -> None:
    if not fine:
        raise No(error)
