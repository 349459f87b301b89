"""Discord put together from its parts."""

from functools import partial

from adapters.platforms.discord.controls import KnownCommands
from adapters.platforms.discord.listening import Fleet
from adapters.platforms.discord.platform import DiscordPlatform
from adapters.platforms.discord.roles import Wanted
from adapters.platforms.discord.variables import DiscordVariables, numbers
from adapters.registration import Built, Needs
from adapters.variables import shown


def build(needs: Needs[DiscordVariables]) -> Built:
    """Discord, with the slash commands that it was told of remembered in the store."""
    variables, records = needs.variables, needs.records
    fleet = Fleet(
        records=records,
        leases=needs.leases,
        budget=needs.budget,
        latest=needs.latest,
        known_commands=KnownCommands(
            load=partial(records.load, "commands"), save=partial(records.save, "commands")
        ),
        count=variables.discord_shard_count,
        only=numbers(variables.discord_shard_ids),
        catch_up=needs.catch_up,
        leaving=needs.leaving,
    )
    platform = DiscordPlatform(
        token=shown(variables.discord_token),
        fleet=fleet,
        message_content=variables.discord_message_content,
        threads=variables.discord_threads,
        api_url=variables.discord_api_url,
        gateway_url=variables.discord_gateway_url,
        observe=needs.heed,
        count=needs.count,
        roles=Wanted(roles=needs.roles, servers=needs.servers),
    )
    return Built(platform=platform, connected=lambda: platform.connected)
