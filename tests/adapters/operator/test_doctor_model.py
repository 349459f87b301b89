"""Faults of a model server, planted one by one: each is named, with what to do about it."""

import pytest

from adapters.finding import Verdict
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.doctor import Model, failure
from adapters.models.huggingface.model_server import SelfDescription
from adapters.operator.doctor.doctor import DEADLINE
from bot.errors import ModelError, ModelUnreachable, NoCredits, TokenRefused, UnknownModel
from tests.adapters.operator.doctor_place import MIXTRAL, Place, told
from tests.servers.model import Fault
from tests.servers.web_page import web_page


async def test_a_model_server_that_is_down(place: Place) -> None:
    told(
        await place.findings(MODEL_URL="http://127.0.0.1:1"),
        Verdict.WRONG,
        "No model server answers at 127.0.0.1:1 (connection refused).",
        "Start it, or correct MODEL_URL.",
    )


async def test_a_model_url_that_is_a_web_page(place: Place) -> None:
    url = await place.stack.enter_async_context(web_page())
    host = url.removeprefix("http://")
    told(
        await place.findings(MODEL_URL=f"http://user:s3cret@{host}"),
        Verdict.WRONG,
        f"{host} answers with a web page: it is no model server.",
        "MODEL_URL is the base of a model server",
    )


async def test_a_model_that_the_server_does_not_have(place: Place) -> None:
    told(
        await place.findings(MODEL_ID="mistralai/Mixtral-8x7B-Instruct"),
        Verdict.WRONG,
        "has no model named mistralai/Mixtral-8x7B-Instruct.",
        f"Set MODEL_ID={MIXTRAL}, the nearest that it has.",
    )


async def test_a_closed_model_server(place: Place) -> None:
    told(
        await place.findings(**await place.model_server(serves=(MIXTRAL,), key="k3y")),
        Verdict.WRONG,
        "wants a key (HTTP 401), and the bot has none for it.",
        "HF_TOKEN goes to Hugging Face alone.",
    )
    told(await place.findings(**await place.model_server(key="k3y")), Verdict.WRONG, "", "MODEL_API_KEY")


async def test_a_key_of_ones_own(place: Place) -> None:
    server = await place.model_server(serves=(MIXTRAL,), key="k3y")
    findings = await place.findings(**server, MODEL_API_KEY="k3y")
    assert {finding.verdict for finding in findings} == {Verdict.OK}
    told(
        await place.findings(**server, MODEL_API_KEY="wr0ng"),
        Verdict.WRONG,
        "does not accept MODEL_API_KEY (HTTP 401).",
        "Set the one that the server was started with",
    )


async def test_a_window_that_is_shorter_than_configured(place: Place) -> None:
    for server in ({"serves": (MIXTRAL,)}, {"tgi": True}):
        told(
            await place.findings(**await place.model_server(**server, window=8192)),
            Verdict.WRONG,
            "The server's window is 8192 tokens, MODEL_CONTEXT_TOKENS is 32768",
            "Set MODEL_CONTEXT_TOKENS=8192",
        )


async def test_a_protocol_that_the_server_does_not_speak(place: Place) -> None:
    told(
        await place.findings(**await place.model_server(serves=(MIXTRAL,)), MODEL_API="text"),
        Verdict.WRONG,
        "does not speak TGI's protocol.",
        "Set MODEL_API=auto.",
    )


@pytest.mark.parametrize(
    ("fault", "verdict", "text"),
    [
        (Fault(status=429), Verdict.WARNING, "is overloaded (HTTP 429)."),
        (Fault(status=503, body='{"estimated_time": 60}'), Verdict.WARNING, "is waking up."),
        (Fault(status=500), Verdict.WRONG, "(HTTP 500)"),
        (Fault(status=400), Verdict.WRONG, "gives no answer (HTTP 400)."),
        (Fault(cut_after=0), Verdict.WRONG, "No model server answers at"),
    ],
)
async def test_a_model_server_in_trouble(place: Place, fault: Fault, verdict: Verdict, text: str) -> None:
    place.model.faults = [fault, fault]
    told(await place.findings(), verdict, text, "")


async def test_a_model_that_is_slow(place: Place) -> None:
    place.model.first_after, place.deadline = 60.0, DEADLINE
    told(
        await place.findings(),
        Verdict.WARNING,
        "has no first word within 4.5 s.",
        "Is it loading the model, or busy?",
    )


@pytest.mark.parametrize(
    ("error", "text", "remedy"),
    [
        (TokenRefused("HTTP 401"), "does not accept HF_TOKEN (HTTP 401).", "huggingface.co/settings/tokens"),
        (NoCredits("HTTP 402"), "credits are used up.", "Buy some, or set MODEL_URL."),
        (UnknownModel("HTTP 404"), f"has no model named {MIXTRAL}.", "MODEL_PROVIDER=auto"),
        (
            ModelUnreachable("connection refused"),
            "was not reached (connection refused).",
            "Is there a network",
        ),
    ],
)
def test_what_hugging_face_says(error: ModelError, text: str, remedy: str) -> None:
    access = Access(url="", token="hf_s3cret")
    model = Model(id=MIXTRAL, access=access, api="auto", provider="auto", context_tokens=32768)
    told(failure(model, SelfDescription(windows={}), error), Verdict.WRONG, text, remedy)


async def test_tgi_is_asked_in_its_own_protocol(place: Place) -> None:
    findings = await place.findings(**await place.model_server(tgi=True))
    assert "by the text protocol" in next(one.text for one in findings if one.name == "model")


async def test_settings_that_a_server_refuses(place: Place) -> None:
    variables = await place.model_server(serves=(MIXTRAL,), refuses=("seed", "top_p"))
    told(
        await place.findings(**variables),
        Verdict.WARNING,
        "does not take top_p, seed: no effect there.",
        "Answers are written without them",
    )
