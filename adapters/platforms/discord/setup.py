"""Discord: an application, its bot's token, and the link that invites it."""

from discord.http import Route

from adapters.finding import Finding, ok
from adapters.platforms.discord.doctor import Application, Unanswered, application_of
from adapters.platforms.discord.invite import invite
from adapters.registration import Answers, Interview

PORTAL = "https://discord.com/developers/applications"


def ask(interview: Interview, answers: Answers) -> dict[str, str]:
    """The variables of it."""
    interview.step("Discord")
    kept, wanted, token = answers.kept, answers.wanted, answers.given.get("discord_token", "")
    if wanted is None and not token:
        default = bool(kept.get("DISCORD_TOKEN")) or (interview.asks and answers.alone)
        wanted = interview.sure(
            "Shall the bot answer on Discord?", option="--discord or --no-discord", default=default
        )
    if wanted is False:
        return {"DISCORD_TOKEN": ""}
    if interview.asks and not token:
        interview.say(
            "Make a new application here. Its page Bot has a button Reset Token: copy what it shows."
        )
        interview.page(PORTAL)
    known: list[Application] = []

    async def check(typed: str) -> list[Finding]:
        try:
            application = await application_of(typed, kept.get("DISCORD_API_URL", Route.BASE))
        except Unanswered as unanswered:
            return [unanswered.finding]
        known.append(application)
        return [ok("discord", f"The bot is {application.bot}, of the application {application.id}.")]

    value = interview.secret(
        "DISCORD_TOKEN",
        given=token,
        kept=kept.get("DISCORD_TOKEN", ""),
        option="--discord-token",
        check=check,
    )
    if known:
        interview.say(f"This link invites {known[-1].bot} to a server of yours:")
        interview.page(invite(known[-1].id))
    return {"DISCORD_TOKEN": value}
