"""`mixtral-bot setup` on the command line: its options, those of the platforms among them.

What it does stands in `setup`, and is imported when it is carried out.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.configuration import Settings
from adapters.operator.setup.kind import MODEL, Kind
from adapters.registration import Registration

if TYPE_CHECKING:
    from adapters.operator.setup.env_file import Changes
    from adapters.operator.setup.interview import Interview

KEYWORD = Parameter.KEYWORD_ONLY


def setup_for(settings: type[Settings]) -> Callable[..., None]:
    """The command, with the options of the platforms whose variables are in `settings`."""
    asked = [platform for platform in settings.platforms if platform.setup]

    names = [*(platform.name for platform in asked), MODEL]

    def setup(
        what: Annotated[
            list[str] | None, typer.Argument(help=f"Only these: {', '.join(names)}.", show_default=False)
        ] = None,
        *,
        model_kind: Annotated[Kind | None, typer.Option("--model", help="Who answers.")] = None,
        model_url: Annotated[str, typer.Option(help="A model server of your own.")] = "",
        model_api_key: Annotated[str, typer.Option(help="The key that it wants.")] = "",
        model_id: Annotated[str, typer.Option(help="The model's name there.")] = "",
        hf_token: Annotated[str, typer.Option(help="A token of Hugging Face.")] = "",
        longer: Annotated[
            bool | None, typer.Option(help="Answers of up to 1,024 tokens, each from another seed.")
        ] = None,
        yes: Annotated[
            bool,
            typer.Option("--yes", "-y", help="Ask nothing: what has a default takes it, .env is changed."),
        ] = False,
        **options: Any,
    ) -> None:
        """Ask what you want, check it, and write .env.

        Run again, it changes one thing and leaves the others.
        A script gives the answers as options. A token given as - is read from standard input, unseen.
        """
        from adapters.operator.setup import model  # noqa: PLC0415
        from adapters.operator.setup.setup import carry_out, platform_variables  # noqa: PLC0415
        from adapters.operator.setup.wanted import parts  # noqa: PLC0415

        if unknown := {*(what or ())} - {*names}:
            raise typer.BadParameter(f"{', '.join(sorted(unknown))} is none of {', '.join(names)}.")
        told = [model_kind, model_url, model_api_key, model_id, hf_token, *options.values()]

        def answers(interview: "Interview", kept: Mapping[str, str]) -> "Changes":
            wanted: Collection[str] | None = what
            if not what and interview.asks and not any(each not in (None, "") for each in told):
                wanted = parts(interview, kept, asked)
            changes = platform_variables(interview, kept, asked, options, wanted or None)
            if not wanted or MODEL in wanted:
                changes |= model.ask(
                    interview,
                    kept,
                    kind=model_kind,
                    url=model_url,
                    key=model_api_key,
                    name=model_id,
                    token=hf_token,
                )
            if longer is not None or changes.get("MODEL_URL") or changes.get("HF_TOKEN"):
                changes |= model.ask_longer(interview, kept, longer=longer)
            return changes

        carry_out(settings, answers, yes=yes)

    written_down, command = signature(setup), setup
    ours = [each for each in written_down.parameters.values() if each.kind is KEYWORD]
    first = written_down.parameters["what"]
    command.__signature__ = written_down.replace(parameters=[first, *_options(asked), *ours])  # type: ignore[attr-defined]  # typer reads it
    return command


def _options(asked: Sequence[Registration[Any]]) -> list[Parameter]:
    """Of the command line: for each platform whether it is wanted, and its secrets."""
    options = []
    for platform in asked:
        name, way = platform.name, typer.Option(help=f"Answer on {platform.title}.")
        options.append(Parameter(name, KEYWORD, default=None, annotation=Annotated[bool | None, way]))
        for secret, words in platform.secrets.items():
            typed = Annotated[str, typer.Option(help=words)]
            options.append(Parameter(secret, KEYWORD, default="", annotation=typed))
    return options
