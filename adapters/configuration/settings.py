"""Every variable of the configuration: its type, its range, its default and what it is for.

The bot's own stand here; each setting of the model has one by its row of `SETTINGS`, and each platform brings
its own.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, create_model
from pydantic_settings import NoDecode

from adapters.configuration.models import MODELS_FORM, ModelEntry, apart, listed_models
from adapters.configuration.redis_url import fit
from adapters.registration import Registration
from adapters.stores.redis.sealing import LOST, read_keys
from adapters.variables import (
    CertificateFile,
    Choice,
    Form,
    Headers,
    Host,
    HttpUrl,
    Ids,
    Names,
    Quota,
    Switch,
    Token,
    Variables,
    WrongPart,
    elements,
    token,
)
from bot.conversation.settings import RANDOM, SETTINGS, SYSTEM_PROMPT_LENGTH, GenerationSettings, Setting
from bot.languages import amount

SHORTEST_ID_KEY = 32
"""Letters. A fingerprint of it lies in the store: nobody shall find it by trying."""


def _redis(secret: SecretStr | None) -> SecretStr | None:
    url = token(secret)
    if url is not None:
        fit(url.get_secret_value())
    return url


def _keys(secret: SecretStr | None) -> SecretStr | None:
    listed = secret.get_secret_value() if secret is not None else ""
    for place, each in enumerate(elements(listed), 1):
        try:
            read_keys("" if each.startswith(LOST) else each)
        except ValueError as error:
            raise WrongPart(f"element {place} is no key of 32 bytes in base64") from error
    read_keys(listed)
    return secret


def _long(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None and len(secret.get_secret_value()) < SHORTEST_ID_KEY:
        raise ValueError
    return secret


def _seed(typed: object) -> object:
    return None if isinstance(typed, str) and typed.strip().lower() == RANDOM else typed


def _minutes(typed: object) -> object:
    return typed.strip().removesuffix("m") if isinstance(typed, str) else typed


def _upper(typed: object) -> object:
    return typed.upper() if isinstance(typed, str) else typed


class Settings(Variables):
    """The bot's own variables. `platforms`: those whose variables are here, too."""

    platforms: ClassVar[Sequence[Registration[Any]]] = ()
    first = ("model_url", "model_api_key", "hf_token", "bot_max_new_tokens", "bot_user_quota", "redis_url")

    model_id: Annotated[
        str, StringConstraints(pattern=r"^\S+$"), Form("a model's name, as owner/name, without blanks")
    ] = Field("mistralai/Mixtral-8x7B-Instruct-v0.1", description="the model's name, as its server knows it")
    model_url: HttpUrl = Field(
        "",
        description="a model server of your own; unset: Hugging Face, or without `HF_TOKEN` a dry run",
    )
    model_api: Annotated[Literal["auto", "chat", "text"], Form("auto, chat or text")] = Field(
        "auto",
        description="`chat`: the chat protocol; `text`: TGI's own, with our prompt; `auto`: what is there",
    )
    model_provider: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9-]+$"), Form("a provider's name in small letters, or auto")
    ] = Field("auto", description="which of Hugging Face's providers")
    model_context_tokens: Annotated[
        int, Field(ge=1024, le=1_048_576), Form("a whole number from 1024 to 1048576")
    ] = Field(32768, description="the model's window in tokens: prompt and answer")
    models: Annotated[
        tuple[ModelEntry, ...],
        NoDecode,
        BeforeValidator(listed_models),
        AfterValidator(apart),
        MODELS_FORM,
    ] = Field(
        (), description="several models to choose from; the first one is asked unless another is chosen"
    )
    model_concurrency: Annotated[int, Field(ge=1, le=1000), Form("a whole number from 1 to 1000")] = Field(
        20, description="answers at once, over all processes; who comes later waits in line"
    )
    model_queue: Annotated[int, Field(ge=0, le=1_000_000), Form("a whole number from 0 to 1000000")] = Field(
        0, description="questions that may wait in that line; who comes then is told; 0: any number"
    )
    model_api_key: Token = Field(None, description="what the server at `MODEL_URL` wants as a Bearer token")
    model_headers: Headers = Field((), description="headers that it wants beside that")
    model_ca_file: CertificateFile = Field(
        "", description="whose certificates it is trusted by, beside the machine's; for it alone"
    )
    hf_token: Token = Field(None, description="a Hugging Face token, for its providers or a closed endpoint")

    redis_url: Annotated[
        SecretStr | None,
        AfterValidator(_redis),
        Form("a URL that begins with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://"),
    ] = Field(
        None,
        description="a Redis of your own, 6.2 or newer, Sentinels or a Cluster; unset: one that is found, "
        "or embedded and kept in `DATA_DIR`",
    )
    redis_appendfsync: Annotated[Literal["everysec", "always"], Form("everysec or always")] = Field(
        "everysec",
        description="how often the embedded Redis brings what it keeps to the disk: what power loss may cost",
    )

    encryption_keys: Annotated[
        SecretStr | None,
        AfterValidator(_keys),
        Form("keys with commas between them, each as `openssl rand -base64 32` prints one"),
    ] = Field(
        None,
        description="what people write, names and tokens are sealed in Redis with the first of these keys, "
        "and opened with any of them; unset: plain",
    )
    bot_id_key: Annotated[
        SecretStr | None,
        AfterValidator(token),
        AfterValidator(_long),
        Form("a text of at least 32 letters without blanks, as `openssl rand -base64 32` prints one"),
    ] = Field(
        None,
        description="what people's pseudonyms in Redis are made with; it must stay as it is; unset: a secret "
        "that lies there, too",
    )
    backup_passphrase: Annotated[SecretStr | None, Form("the passphrase as it is typed, in one line")] = (
        Field(
            None, description="what `backup` encrypts with and `restore` decrypts with; unset: not encrypted"
        )
    )
    bot_history_days: Annotated[int, Field(ge=1, le=3650), Form("a whole number from 1 to 3650")] = Field(
        30, description="days after which questions and their answers are deleted"
    )
    shutdown_seconds: Annotated[int, Field(ge=0, le=3600), Form("a whole number from 0 to 3600")] = Field(
        25, description="seconds for running answers to end when the bot is told to stop"
    )
    bot_catch_up: Annotated[
        int, BeforeValidator(_minutes), Field(ge=0, le=60), Form("minutes from 0 to 60", "15 or 15m")
    ] = Field(
        15,
        description="minutes back to which what was asked while the bot was away is answered; 0: none of it",
    )
    bot_user_quota: Quota = Field("60/hour", description="how much one person may ask")
    bot_admins: Ids = Field(frozenset(), description="people who are always heard, without quota: ids")
    bot_allowed_servers: Ids = Field(
        frozenset(), description="the only servers or workspaces to answer in: ids; unset: all"
    )
    bot_allowed_channels: Ids = Field(
        frozenset(),
        description="the only channels to answer in; unset: all. In direct messages then only people whom "
        "`BOT_ALLOWED_USERS` or `BOT_ALLOWED_ROLES` names, or all with `BOT_PRIVATE_SESSIONS=true`",
    )
    bot_allowed_users: Ids = Field(frozenset(), description="the only people to answer; unset: all")
    bot_allowed_roles: Ids = Field(
        frozenset(),
        description="roles on a server whose people are answered besides those of `BOT_ALLOWED_USERS`, and "
        "nobody else there; in direct messages these servers are asked for them",
    )
    bot_allow_strangers: Switch = Field(
        False, description="answer people of other companies in channels that are shared with them, too"
    )
    bot_blocked_users: Ids = Field(frozenset(), description="people who are not answered")
    bot_channel_settings: Annotated[Literal["managers", "everyone"], Form("managers or everyone")] = Field(
        "managers", description="who may change a channel's settings for all in it"
    )
    bot_platforms: Names = Field(
        frozenset(), description="packages of other platforms, installed beside the bot"
    )
    bot_private_sessions: Choice = Field(
        None, description="answer direct messages; unset: yes, unless `BOT_ALLOWED_CHANNELS` says otherwise"
    )

    http_host: Host = Field(
        "127.0.0.1", description="where `/healthz`, `/readyz`, `/metrics` and platforms' routes listen"
    )
    http_port: Annotated[int, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = Field(
        8080, description="their port; 0: any free one"
    )
    data_dir: Annotated[Path, AfterValidator(Path.expanduser), Form("a folder")] = Field(
        Path(".mixtral-bot"), description="where the embedded Redis keeps its data"
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        BeforeValidator(_upper),
        Form("DEBUG, INFO, WARNING or ERROR"),
    ] = Field("INFO", description="how much is logged; never what people write")
    log_format: Annotated[Literal["text", "json"], Form("text or json")] = Field(
        "text", description="lines to read, or one JSON object a line"
    )

    @property
    def dry(self) -> bool:
        """Whether there is no model at all, and none is offered by `MODELS`."""
        return not (self.models or self.model_url or self.hf_token)

    def idle(self) -> list[str]:
        """A line for each variable that would do nothing, and of which that might not be noticed."""
        lines = []
        for name in ("model_api_key", "model_headers", "model_ca_file"):
            if getattr(self, name) and (self.models or not self.model_url):
                other = name.removeprefix("model_")
                lines.append(
                    f"{name.upper()} is for the server at MODEL_URL alone: "
                    + (f"write {other} into its entry of MODELS." if self.models else "set MODEL_URL, too.")
                )
        return lines


@cache
def settings_of(platforms: tuple[Registration[Any], ...]) -> type[Settings]:
    """The variables of the bot on these platforms."""
    mixins = tuple(dict.fromkeys(platform.variables for platform in reversed(platforms)))
    own = tuple(mixin for mixin in mixins if mixin is not Variables)
    made = create_model("Settings", __base__=(Settings, _Generation, *own))
    made.platforms = platforms
    return made


def generation_defaults(settings: Settings, model: str) -> GenerationSettings:
    """How the model of that name writes where nobody has said otherwise."""
    values = {each.field: getattr(settings, _variable(each)) for each in SETTINGS if each.meaning}
    return GenerationSettings(model=model, **values)


def _variable(setting: Setting) -> str:
    return f"bot_{setting.field}"


def _typed(setting: Setting) -> object:
    """The type of a setting's variable, with its range and the words for it."""
    allowed = setting.range
    if allowed is None:
        longest = StringConstraints(max_length=SYSTEM_PROMPT_LENGTH)
        return Annotated[str, longest, Form(f"at most {SYSTEM_PROMPT_LENGTH} letters")]
    number, kind = ("a whole number", int) if allowed.whole else ("a number", float)
    words = f"{number} from {amount(allowed.low)} to {amount(allowed.high)}"
    within = Field(ge=allowed.low, le=allowed.high, allow_inf_nan=False)
    if setting.random:
        return Annotated[kind | None, within, Form(f"{words} or {RANDOM}"), BeforeValidator(_seed)]
    return Annotated[kind, within, Form(words)]


_Generation: type[Variables] = create_model(  # type: ignore[call-overload]  # its fields are known when it runs
    "_Generation",
    __base__=Variables,
    **{
        _variable(each): (_typed(each), Field(each.default, description=each.meaning))
        for each in SETTINGS
        if each.meaning
    },
)
