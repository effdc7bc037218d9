"""Settings, read once from the environment (`ALLIANCE_EXPLORER_…`) and then frozen."""

from functools import cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DB = "ladybug://alliance_explorer.lbug"
# With less the embedded engine can do little, bytes.
LEAST_POOL = 128 << 20


class Settings(BaseSettings):
    """Everything that can be configured. Times in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(env_prefix="ALLIANCE_EXPLORER_", frozen=True)

    db: str = Field(DEFAULT_DB, description="ladybug://PATH, or neo4j://HOST and bolt://HOST")
    db_user: str | None = Field(None, description="Neo4j user")
    db_password: SecretStr | None = Field(None, description="Neo4j password")
    db_name: str | None = Field(None, description="Neo4j database; the server's default if unset")
    read_timeout: float = Field(20.0, gt=0, description="time limit of one read, s")
    write_timeout: float = Field(120.0, gt=0, description="time limit of one write, s")
    buffer_pool: int | None = Field(
        None,
        ge=LEAST_POOL,
        description="memory that the embedded engine keeps pages in, bytes; unset: a quarter of "
        "what there is; a load takes 1 kB of it for each tie of a type, or takes these in parts, "
        "which is slower",
    )
    weights: str = Field(
        "", description="weights of kinds of tie in place of ours, as membership:0.2,alliance:0.7"
    )
    half_life: float = Field(
        5.0, ge=0.01, le=100, description="years in which the strength of an ended tie halves"
    )
    keep_projection: bool = Field(
        True,
        description="keep the copy that paths are searched in until the graph changes; off: read "
        "it anew for each question",
    )
    write_key: SecretStr | None = Field(
        None,
        description="key that callers of writing HTTP requests must send; unset: writing is off",
    )
    own_queries: bool = Field(
        True, description="let users run Cypher of their own, reading only; off: nobody can"
    )
    max_upload: int = Field(64 << 20, gt=0, description="largest body of POST /api/v1/loads, bytes")
    max_download: int = Field(
        256 << 20, gt=0, description="largest file that `load URL` fetches, bytes"
    )
    download_timeout: float = Field(120.0, gt=0, description="time limit of one download, s")

    proximity: str = Field(
        "", description="own thresholds of proximity: far_km:5000,far_hours:4; others keep theirs"
    )

    services: Path | None = Field(
        None,
        description="CSV file with services of one's own: columns service, content, synonyms, "
        "source, why; unset: the bundled table alone",
    )

    @field_validator("services", mode="before")
    @classmethod
    def _no_name_is_no_file(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("write_key", mode="after")
    @classmethod
    def _an_empty_key_is_none(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value and value.get_secret_value().strip() else None


@cache
def settings() -> Settings:
    """The process's settings; the environment is read at the first call only."""
    return Settings()
