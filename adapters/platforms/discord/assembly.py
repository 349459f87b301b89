"""Discord put together from its parts."""

from functools import partial

from adapters.away import Away
from adapters.platforms.discord.controls import KnownCommands
from adapters.platforms.discord.platform import DiscordPlatform
from adapters.platforms.discord.variables import DiscordVariables
from adapters.registration import Built, Needs
from adapters.variables import shown


def build(needs: Needs[DiscordVariables]) -> Built:
    """Discord, with the slash commands that it was told of remembered in the store."""
    variables, records = needs.variables, needs.records
    away = Away(records=records, latest=needs.latest, seconds=needs.catch_up)
    return Built(
        platform=DiscordPlatform(
            token=shown(variables.discord_token),
            known_commands=KnownCommands(
                load=partial(records.load, "commands"), save=partial(records.save, "commands")
            ),
            away=away if needs.catch_up else None,
            message_content=variables.discord_message_content,
            threads=variables.discord_threads,
            api_url=variables.discord_api_url,
            gateway_url=variables.discord_gateway_url,
            observe=needs.heed,
        )
    )
