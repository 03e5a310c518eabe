"""Every address, secret and limit, from the environment (prefix TRENDING_) or a local .env file."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from trending_assets.failures import PermanentFailure

REPO_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What differs between a laptop and production: addresses, secrets and a few limits."""

    model_config = SettingsConfigDict(env_prefix="TRENDING_", env_file=".env", extra="ignore", populate_by_name=True)

    lake: str = Field(".trending/lake", description="Root of the lake: a folder or s3://bucket/prefix.")
    state_dir: Path = Field(
        Path(".trending"),
        description="Local state that is no data: Dagster's home, W&B runs, worlds, Feast's registry and online stores.",
    )
    world: Literal["sandbox", "live"] = Field("live", description="Which addresses of sources.yaml the spiders use.")
    first_day: date = Field(date(2013, 1, 1), description="First daily partition (UTC).")
    dbt_engine: Literal["duckdb", "spark"] = Field(
        "duckdb", description="What runs dbt's models (staging, marts): the same rows by either. spark: docs/spark.md."
    )
    automation: bool = Field(True, description="Start the automation sensor with the code location.")
    genre_new_titles: int = Field(
        500, ge=1, description="New titles with an overview and genres after which the genre models are trained again."
    )

    http_proxy: str | None = Field(None, description="Forward proxy of the spiders; the sandbox is one.")
    allow_hosts: str = Field(
        "",
        description="Private hosts that spiders may connect to: host, host:port, address or network, separated by commas.",
    )
    user_agent: str = Field(
        "TrendingNow/0.1 (+https://github.com/trending-now/trending-now)",
        description="What the spiders call themselves.",
    )
    crawl_delay: float = Field(1.0, ge=0, description="Seconds between two requests to one host.")
    max_body_bytes: int = Field(5_000_000, gt=0, description="Largest page that a spider accepts, packed and unpacked.")
    download_timeout: float = Field(30.0, gt=0, description="Seconds that one page may take as a whole.")

    tmdb_url: str = Field("https://api.themoviedb.org/3", description="TMDb API v3.")
    tmdb_exports_url: str = Field("https://files.tmdb.org/p/exports", description="TMDb's daily id exports.")
    tmdb_images_url: str = Field("https://image.tmdb.org/t/p", description="Poster images.")
    tmdb_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("TMDB_API_KEY", "TRENDING_TMDB_API_KEY"),
        description="TMDb v3 key or v4 token. Without one only the id exports are read.",
    )
    tmdb_details_top: int = Field(
        2000,
        ge=0,
        description="Details are asked for this many of the most popular titles, besides those on lists.",
    )
    tmdb_concurrency: int = Field(16, gt=0, description="TMDb requests under way at once.")
    tmdb_requests_per_second: float = Field(
        40.0, gt=0, description="TMDb requests a second; TMDb itself names about 40 as its limit."
    )
    tmdb_region: str = Field(
        "US",
        pattern=r"^[A-Z]{2}$",
        description="Country (ISO 3166-1) whose streaming platforms and age ratings are kept.",
    )

    llm_url: str = Field("https://api.openai.com/v1", description="OpenAI-compatible endpoint.")
    llm_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "TRENDING_LLM_API_KEY"),
        description="Key of the LLM. Without one the embedded scorer answers, and every row says so.",
    )
    llm_model: str = Field("gpt-5-mini", description="Model name sent to the LLM.")
    llm_concurrency: int = Field(16, gt=0, description="LLM requests under way at once.")
    llm_timeout: float = Field(60.0, gt=0, description="Seconds until an LLM request is given up.")
    llm_grace: float = Field(
        30.0,
        ge=0,
        description="Seconds after that in which its answer may still turn up at an endpoint that stores answers.",
    )
    llm_daily_budget_usd: float | None = Field(
        10.0, ge=0, description="US dollars that LLM calls of a UTC day may cost; what is over waits. none: no bound."
    )
    llm_mode: Literal["realtime", "batch"] = Field(
        "realtime", description="batch: by the Batch API, at half the price and within a day."
    )
    llm_batch_wait: float = Field(
        3600.0,
        ge=0,
        description="Seconds that a run waits for its batch; what is not done then is fetched by a later run.",
    )
    llm_ledger: SecretStr | None = Field(
        None,
        description="Database of the LLM ledger (SQLAlchemy's address; Postgres where several machines score). "
        "Default: llm.sqlite in the state folder.",
    )
    sentiment_model: Path | None = Field(
        None,
        description="Folder of a trained sentiment encoder, with which the embedded scorer answers. Without one: "
        "models/sentiment of the state folder, if an encoder lies there.",
    )

    evaluation_replicates: int = Field(
        3, ge=2, le=10, description="Answers to each gold document when a prompt version is evaluated."
    )
    evaluation_documents: int = Field(
        200, ge=0, le=5000, description="Rated documents of the lake that a prompt version is evaluated on."
    )

    genre_catalogue: str | None = Field(
        None,
        description="Parquet file (a path or s3://bucket/key) of titles of other catalogues, which the genre models learn from "
        "besides TMDb's. Shape of a world's titles.parquet.",
    )
    genre_encoder: str = Field(
        "all-MiniLM-L6-v2",
        description="Encoder that BERT starts from: all-MiniLM-L6-v2 comes with the extra bert; another BERT of the Hugging Face "
        "hub is fetched by its name.",
    )
    heavy_steps: Literal["inline", "subprocess", "ecs"] = Field(
        "inline",
        description="Where the genre models are trained: in the run, in a process beside it, or in an ECS task of their own.",
    )
    heavy_cluster: str = Field("", description="ecs: the cluster of the task.")
    heavy_task_definition: str = Field(
        "", description="ecs: family (or family:revision, or ARN) whose image and secrets the task takes; that of runs."
    )
    heavy_container: str = Field("run", description="ecs: the container of that task definition.")
    heavy_subnets: str = Field("", description="ecs: subnets of the task, separated by commas.")
    heavy_security_groups: str = Field("", description="ecs: security groups of the task, separated by commas.")
    dvc_remote: str | None = Field(
        None,
        description="DVC remote that holds the genre models' training sets: a folder, s3://bucket/prefix or another of DVC's. "
        "Default: genre/dvc of the lake.",
    )
    wandb_mode: Literal["offline", "online", "disabled"] = Field("offline", description="W&B mode.")
    dagster_url: str | None = Field(None, description="Dagster webserver that /v1/lineage asks for runs.")
    cloudwatch_namespace: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._#-]{1,100}$",
        description="CloudWatch namespace that the exporter publishes to every minute, beside its /metrics. Empty: none.",
    )
    cloudwatch_environment: str = Field(
        "dev",
        pattern=r"^[a-z][a-z0-9-]{1,15}$",
        description="Dimension Environment of these metrics: environment of terraform/modules/monitoring.",
    )
    api_host: str = Field("127.0.0.1", description="Address that API and page listen on.")
    api_url: str = Field(
        "http://127.0.0.1:8000",
        description="Address under which people reach API and page; links from Dagit lead there.",
    )
    api_drain_seconds: float = Field(
        5.0,
        ge=0,
        description="Seconds that the API goes on answering after SIGTERM, while /readyz says 503 and clients move on.",
    )
    api_keys: Path | None = Field(
        None, description="File of hashed API keys, which `trending keys` writes. Without one nobody needs a key."
    )
    api_require_key: bool = Field(False, description="Answer /v1 to those alone who send an API key.")
    api_rate_per_minute: float | None = Field(
        None, gt=0, description="Requests a minute that a client (address or key) may go on making. none: no limit."
    )
    api_rate_burst: int = Field(100, ge=1, description="Requests that a client may make at once.")
    api_cors_origins: str = Field(
        "*", description="Origins whose pages may read the API, separated by commas; *: every one. Empty: none."
    )
    api_trust_proxy: int = Field(
        0, ge=0, description="Proxies in front of the API whose X-Forwarded-For is believed. 0: nobody's."
    )

    @field_validator("llm_daily_budget_usd", "api_rate_per_minute", mode="before")
    @classmethod
    def _no_bound(cls, value: object) -> object:
        return None if isinstance(value, str) and value.strip().lower() == "none" else value

    @field_validator("api_keys", "cloudwatch_namespace", mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        return None if value == "" else value  # an empty path would be the folder that one stands in


def get_settings() -> Settings:
    """Read the settings anew. Raises PermanentFailure naming each wrong variable, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors())
        raise PermanentFailure(f"Settings are wrong ({wrong}). See .env.example for what each takes.") from None
