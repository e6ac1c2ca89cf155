"""What the environment says, read once."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# What there is to do. One process does all of it; with PostgreSQL, several can share it out.
Part = Literal["listen", "send", "clock"]
PARTS: tuple[Part, ...] = ("listen", "send", "clock")
WRONG_TOKEN = "Telegram no reconoce el token; revisa OFICIALIA_TOKEN (te lo dio @BotFather)"  # noqa: S105 (says so)
MANUALS = Path(__file__).parent / "flows" / "manuals"


class UsageError(Exception):
    """Something about a command or its settings that a person can mend; the text says how."""


class Settings(BaseSettings):
    """Every setting is an environment variable with `OFICIALIA_` before its name.

    `token` is the bot of `manual`; `tokens`, a JSON object, gives each municipality its own.
    `webhook_url`: the public https address under which Telegram reaches us; without
    it the bot polls. `rate`: calls a second to the Bot API at most, for each bot.
    `chat_burst`: messages that one chat may have at once before it is one a second.
    """

    model_config = SettingsConfigDict(env_prefix="OFICIALIA_", frozen=True, extra="ignore", hide_input_in_errors=True)

    data: Path = Path("data")
    database: str = ""
    manuals: Path = MANUALS
    manual: str = ""
    token: SecretStr | None = None
    tokens: dict[str, SecretStr] = Field(default_factory=dict)
    telegram_api: str = "https://api.telegram.org"
    webhook_url: str = ""
    webhook_secret: SecretStr | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8081
    rate: float = Field(default=30, gt=0)
    chat_burst: int = Field(default=20, ge=1)
    log_json: bool = True

    @model_validator(mode="after")
    def _a_webhook_has_a_secret(self) -> Self:
        if self.webhook_url and not (self.webhook_secret and self.webhook_secret.get_secret_value()):
            raise ValueError(
                "OFICIALIA_WEBHOOK_URL needs OFICIALIA_WEBHOOK_SECRET; without it anybody could write here"
            )
        return self

    @property
    def database_url(self) -> str:
        """The database as SQLAlchemy names it; by default a SQLite file in the data folder."""
        if not self.database:
            return f"sqlite+aiosqlite:///{(self.data / 'oficialia.sqlite').resolve()}"
        for short, driver in (("postgresql://", "postgresql+asyncpg://"), ("sqlite://", "sqlite+aiosqlite://")):
            if self.database.startswith(short):
                return driver + self.database.removeprefix(short)
        return self.database

    @property
    def database_file(self) -> Path | None:
        """The file of the embedded database, where it is that."""
        kind, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]).resolve() if kind.startswith("sqlite") else None
