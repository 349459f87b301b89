"""Every variable of the configuration: its type, its range, its default and what it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import limits
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.configuration.completeness import incomplete
from adapters.configuration.models import MODELS_FORM, ModelEntry, apart, listed_models
from adapters.configuration.web_users import USERS_FORM, listed_users, password
from bot.conversation.settings import RANDOM, RANGES, SYSTEM_PROMPT_LENGTH, GenerationSettings
from bot.languages import amount

_DEFAULTS = GenerationSettings()


@dataclass(frozen=True, slots=True)
class Form:
    """What a value must be, in words that follow "must be"."""

    words: str


def _token(secret: SecretStr | None) -> SecretStr | None:
    """Without the blanks that a copy brings along; one with blanks inside is no token."""
    if secret is None:
        return None
    text = secret.get_secret_value().strip()
    if not text.isascii() or not text.isprintable() or not text or set(text) & set(" \"'"):
        raise ValueError
    return SecretStr(text)


def _addressed(url: str) -> str:
    """Raises `ValueError` for an address or a port that can be none: libraries trip over them much later."""
    _ = urlsplit(url).port
    return url


def _redis(secret: SecretStr | None) -> SecretStr | None:
    url = _token(secret)
    if url is not None and not url.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
        raise ValueError
    if url is not None:
        _addressed(url.get_secret_value())
    return url


def _ids(listed: object) -> object:
    return {part.strip() for part in listed.split(",") if part.strip()} if isinstance(listed, str) else listed


def _quota(rate: str) -> str:
    if limits.parse(rate).amount < 1:
        raise ValueError
    return rate


def _seed(typed: object) -> object:
    return None if isinstance(typed, str) and typed.strip().lower() == RANDOM else typed


def _upper(typed: object) -> object:
    return typed.upper() if isinstance(typed, str) else typed


def _range(name: str, or_else: str = "") -> tuple[FieldInfo, Form]:
    allowed = RANGES[name]
    number = "a whole number" if allowed.whole else "a number"
    field: FieldInfo = Field(ge=allowed.low, le=allowed.high, allow_inf_nan=False)
    return field, Form(f"{number} from {amount(allowed.low)} to {amount(allowed.high)}{or_else}")


Token = Annotated[
    SecretStr | None,
    AfterValidator(_token),
    Form("the token alone, without blanks, quotes or a word before it"),
]
Ids = Annotated[
    frozenset[Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")]],
    NoDecode,
    BeforeValidator(_ids),
    Form("ids with commas between them, as 81384788765712384,155149108183695360"),
]
Switch = Annotated[bool, Form("true or false")]
HttpUrl = Annotated[
    str,
    StringConstraints(pattern=r"^(https?://[^\s/]+\S*)?$"),
    AfterValidator(_addressed),
    Form("a URL, as http://localhost:8000"),
]


class Settings(BaseSettings):
    """Every variable that this version reads. A field is the variable in lower case."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        str_strip_whitespace=True,
        protected_namespaces=(),
        hide_input_in_errors=True,
    )

    discord_token: Token = Field(None, description="turns Discord on")
    discord_api_url: Annotated[
        str,
        StringConstraints(pattern=r"^(https?://\S+/api/v\d+/?)?$"),
        AfterValidator(_addressed),
        Form("a URL that ends in /api/v10"),
    ] = Field("", description="another base of Discord's REST API, a proxy say; unset: Discord's own")
    discord_gateway_url: Annotated[
        str,
        StringConstraints(pattern=r"^(wss?://\S+)?$"),
        AfterValidator(_addressed),
        Form("a URL that begins with ws:// or wss://"),
    ] = Field("", description="another gateway; unset: Discord's own")
    discord_message_content: Switch = Field(
        False, description="the privileged intent: follow-ups in the bot's threads need no mention"
    )
    discord_threads: Switch = Field(False, description="answer a mention in a channel in a new thread")

    slack_bot_token: Token = Field(None, description="turns Slack on, in the workspace that it belongs to")
    slack_app_token: Token = Field(None, description="with it, events come over Socket Mode")
    slack_signing_secret: Token = Field(
        None, description="without an app token: events come over HTTP, to `/slack/events`"
    )
    slack_client_id: Annotated[
        str, StringConstraints(pattern=r"^([\d.]+)?$"), Form("the app's client id, as 123.456")
    ] = Field("", description="in place of a bot token: many workspaces, installed at `/slack/install`")
    slack_client_secret: Token = Field(None, description="goes with the client id")
    slack_api_url: Annotated[
        str,
        StringConstraints(pattern=r"^(https?://\S+/api/?)?$"),
        AfterValidator(_addressed),
        Form("a URL that ends in /api/"),
    ] = Field("", description="another base of Slack's Web API; unset: Slack's own")
    slack_streaming: Annotated[Literal["auto", "native", "update"], Form("auto, native or update")] = Field(
        "auto",
        description="`native`: Slack's own streams; `update`: messages that are edited; "
        "`auto`: native in direct messages, where everybody sees them grow",
    )

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
        Form(MODELS_FORM),
    ] = Field(
        (), description="several models to choose from; the first one is asked unless another is chosen"
    )
    model_concurrency: Annotated[int, Field(ge=1, le=1000), Form("a whole number from 1 to 1000")] = Field(
        20, description="answers at once; who comes later waits in line"
    )
    hf_token: Token = Field(None, description="a Hugging Face token, for its providers or a closed endpoint")

    redis_url: Annotated[
        SecretStr | None,
        AfterValidator(_redis),
        Form("a URL that begins with redis://, rediss:// or unix://"),
    ] = Field(
        None,
        description="a Redis of your own, 6.2 or newer; unset: one found or embedded, kept in `DATA_DIR`",
    )

    bot_temperature: Annotated[float, *_range("temperature")] = Field(
        _DEFAULTS.temperature, description="how bold the answers are"
    )
    bot_max_new_tokens: Annotated[int, *_range("max_new_tokens")] = Field(
        _DEFAULTS.max_new_tokens, description="how long an answer may become"
    )
    bot_top_p: Annotated[float, *_range("top_p")] = Field(
        _DEFAULTS.top_p, description="how much of the likeliest words is chosen among"
    )
    bot_repetition_penalty: Annotated[float, *_range("repetition_penalty")] = Field(
        _DEFAULTS.repetition_penalty, description="how much repeating is avoided; 1: not at all"
    )
    bot_seed: Annotated[int | None, *_range("seed", " or random"), BeforeValidator(_seed)] = Field(
        _DEFAULTS.seed, description="the number that chance starts from, or `random`"
    )
    bot_system_prompt: Annotated[
        str,
        StringConstraints(max_length=SYSTEM_PROMPT_LENGTH),
        Form(f"at most {SYSTEM_PROMPT_LENGTH} letters"),
    ] = Field("", description="who Mixtral is, where a channel has not said otherwise")

    bot_history_days: Annotated[int, Field(ge=1, le=3650), Form("a whole number from 1 to 3650")] = Field(
        30, description="days until a conversation in which nobody writes is forgotten"
    )
    bot_user_quota: Annotated[
        str, AfterValidator(_quota), Form("questions in a time, as 60/hour or 5/minute")
    ] = Field("60/hour", description="how much one person may ask")
    bot_admins: Ids = Field(frozenset(), description="people who are always heard, without quota: ids")
    bot_allowed_channels: Ids = Field(frozenset(), description="the only channels to answer in; unset: all")
    bot_allowed_users: Ids = Field(frozenset(), description="the only people to answer; unset: all")
    bot_blocked_users: Ids = Field(frozenset(), description="people who are not answered")
    bot_channel_settings: Annotated[Literal["managers", "everyone"], Form("managers or everyone")] = Field(
        "managers", description="who may change a channel's settings"
    )
    bot_private_sessions: Switch = Field(True, description="answer direct messages")

    http_host: Annotated[
        str, StringConstraints(pattern=r"^[^\s/]+$"), Form("an address or host name without http://")
    ] = Field("127.0.0.1", description="where `/healthz`, `/readyz` and Slack's routes listen")
    http_port: Annotated[int, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = Field(
        8080, description="their port; 0: any free one"
    )
    web_host: Annotated[
        str, StringConstraints(pattern=r"^[^\s/]+$"), Form("an address or host name without http://")
    ] = Field("127.0.0.1", description="where the page in the browser listens")
    web_port: Annotated[int, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = Field(
        7860, description="its port; 0: no page"
    )
    web_password: Annotated[
        SecretStr | None, AfterValidator(password), Form("a password of 8 letters or more")
    ] = Field(None, description="who knows it may open the page; it or `WEB_USERS` is needed off loopback")
    web_users: Annotated[
        Mapping[str, SecretStr], NoDecode, BeforeValidator(listed_users), Form(USERS_FORM)
    ] = Field({}, description="who may open the page, each with a password of their own")
    web_address_quota: Annotated[
        str, AfterValidator(_quota), Form("questions in a time, as 60/hour or 5/minute")
    ] = Field(
        "300/hour", description="how much may be asked on the page from one address, by all people there"
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
    def slack(self) -> bool:
        """Whether Slack is turned on, for one workspace or many."""
        return self.slack_bot_token is not None or bool(self.slack_client_id)

    def incomplete(self) -> list[str]:
        """What goes together and is not all there: a line for each."""
        return incomplete(self)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`load_settings` reads the sources: nothing comes in behind its back."""
        return (init_settings,)


def form(name: str) -> str:
    """What the value of a field must be, in words that follow "must be"."""
    metadata = Settings.model_fields[name].metadata
    return next(entry.words for entry in metadata if isinstance(entry, Form))
