"""The page: for this machine alone, or with a password for others, too."""

from adapters.finding import Finding, ok
from adapters.platforms.web.variables import loopback
from adapters.registration import Answers, Interview

EVERYWHERE = "0.0.0.0"  # noqa: S104  # with a password


def ask(interview: Interview, answers: Answers) -> dict[str, str]:
    """The variables of it. It is there unless somebody says otherwise, so nobody is asked whether."""
    kept, given = answers.kept, answers.given.get("web_password", "")
    if answers.wanted is None and not given:
        return {}
    interview.step("The page in the browser")
    if answers.wanted is False:
        return {"WEB_PORT": "0"}
    on = {"WEB_PORT": ""} if kept.get("WEB_PORT") == "0" else {}
    if kept.get("WEB_USERS"):
        interview.say("WEB_USERS is set: who may open it stays as it is.")
        return on
    open_now = bool(kept.get("WEB_HOST")) and not loopback(kept["WEB_HOST"])
    others = bool(given) or interview.sure(
        "Shall other machines reach it, too, with a password?", option="--web-password", default=open_now
    )
    if not others:
        return {**on, "WEB_HOST": "", "WEB_PASSWORD": ""}

    async def check(typed: str) -> list[Finding]:
        return [ok("web", "Whoever knows it may open the page.")]

    password = interview.secret(
        "WEB_PASSWORD",
        given=given,
        kept=kept.get("WEB_PASSWORD", ""),
        option="--web-password",
        check=check,
    )
    interview.say("Over a network, put a proxy with https before it: docs/operations.md says how.")
    return {**on, "WEB_HOST": kept["WEB_HOST"] if open_now else EVERYWHERE, "WEB_PASSWORD": password}
