"""POST /v1/classify: the genres of a title that somebody describes, by the champion of each kind of model and by the LLM.

XGBoost and BERT are read from the lake and asked in this process, by one thread: they take the processor. The LLM is asked
through the scoring step's own client, with its ledger: what was paid for once is not paid for again.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from api.access_log import tell
from api.problems import ProblemError
from trending_assets.failures import TrendingError
from trending_assets.settings import Settings, get_settings

if TYPE_CHECKING:
    from api.genre_models import ChampionModel
    from trending_assets.scoring.client import Result

Model = Literal["xgboost", "bert", "llm"]
Kind = Literal["xgboost", "bert"]
LOCAL: tuple[Kind, ...] = ("xgboost", "bert")
LLM_THREADS = 8
MOST_WAITING = 64
"""Classifications under way at once: further ones are told to come back."""
BUDGET_SHARE = 0.5
"""Part of the day's LLM budget that classify stops at, whoever spent it: the rest is left to the day's scoring."""
PREDICTED = 0.5
"""Probability from which a genre that the LLM names counts as predicted."""


Each = Annotated[
    list[Model], Field(min_length=1, max_length=3), AfterValidator(lambda models: list(dict.fromkeys(models)))
]


class ClassifyRequest(BaseModel):
    """A title that is described, and who is asked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "The Last Saloon",
                    "overview": "A sheriff and an outlaw ride out against the railway that wants their town.",
                    "media_type": "movie",
                }
            ]
        },
    )
    title: str = Field(min_length=1, max_length=300, pattern=r"\S", description="name of the film or show")
    overview: str = Field(max_length=5000, description="plot; may be empty")
    media_type: Literal["movie", "tv"] = Field(description="film or TV")
    tagline: str | None = Field(None, max_length=500, description="tagline")
    models: Each | None = Field(None, description="who is asked; every model that is there where this is left out")


class GenreGuess(BaseModel):
    """A genre as a model sees it."""

    model_config = ConfigDict(extra="forbid")
    genre: str
    probability: float = Field(ge=0, le=1)
    predicted: bool = Field(description="the probability passes the model's threshold for the genre")


class ModelGuess(BaseModel):
    """What one model says: its genres, most probable first, or why it says nothing."""

    model_config = ConfigDict(extra="forbid")
    model: Model
    model_version: str | None = Field(description="id of the model; of the LLM: its name and the prompt's version")
    genres: list[GenreGuess] = Field(description="every genre that the model knows; of the LLM: those that it names")
    error: str | None = Field(description="why the model says nothing, in a sentence")


EXAMPLE: dict[str, JsonValue] = {
    "results": [
        {
            "model": "xgboost",
            "model_version": "3f0c1a9be27d4485",
            "genres": [
                {"genre": "Western", "probability": 0.91, "predicted": True},
                {"genre": "Comedy", "probability": 0.04, "predicted": False},
            ],
            "error": None,
        },
        {
            "model": "llm",
            "model_version": "gpt-5-mini prompt 1-0c9d3f7a",
            "genres": [],
            "error": "Today's budget for the LLM is used up. Ask again after midnight (UTC).",
        },
    ]
}


class ClassifyAnswer(BaseModel):
    """One entry a model."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})
    results: list[ModelGuess]


class Classifier:
    """The models of a lake and the LLM of the settings. Nothing is loaded or started before it is first asked for."""

    def __init__(self, lake_uri: str) -> None:
        self._lake_uri = lake_uri
        self._local = ThreadPoolExecutor(1, "genre-model")
        self._llm = ThreadPoolExecutor(LLM_THREADS, "classify-llm")
        self._models: dict[str, ChampionModel] = {}
        self._stack, self._starting = ExitStack(), threading.Lock()
        self._settings: Settings | None = None
        self._waiting = 0

    async def classify(self, request: ClassifyRequest) -> ClassifyAnswer:
        """Ask the models side by side. Raises ProblemError 503 where too many requests wait; a model's own failure is its
        `error`, and the others answer."""
        if self._waiting >= MOST_WAITING:
            raise ProblemError(503, "Too many titles are being classified just now. Ask again soon.")
        self._waiting += 1
        try:
            run = asyncio.get_running_loop().run_in_executor
            models = request.models
            if models is None:
                models = await run(self._local, self._there)
            asked = [
                run(self._llm, self._ask_llm, request) if m == "llm" else run(self._local, self._ask_local, m, request)
                for m in models
            ]
            return ClassifyAnswer(results=list(await asyncio.gather(*asked)))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Stop what was started. Requests under way are not waited for."""
        self._local.shutdown(wait=False, cancel_futures=True)
        self._llm.shutdown(wait=False, cancel_futures=True)
        with self._starting:
            self._stack.close()

    def _there(self) -> list[Model]:
        """Who is asked where the request names nobody: the kinds of model that have a champion, and the LLM."""

        def usable(kind: Kind) -> bool:
            try:
                return self._champion(kind).get() is not None
            except Exception:  # said in the answer, where the model is asked
                return True

        return [*(kind for kind in LOCAL if usable(kind)), "llm"]

    def _champion(self, kind: Kind) -> "ChampionModel":
        from api.genre_models import ChampionModel

        return self._models.setdefault(kind, ChampionModel(self._lake_uri, kind))

    def _ask_local(self, kind: Kind, request: ClassifyRequest) -> ModelGuess:
        try:
            from api.genre_models import guesses

            model = self._champion(kind).get()
            if model is None:
                return _silent(
                    kind,
                    f"The lake has no {kind} champion. Materialize genre/{kind} and genre/champion: `trending run` does.",
                )
            if not model.meta.genres:
                return _silent(kind, f"The {kind} model saw too few titles to predict anything.", model.id)
            found = guesses(model, request.title, request.overview, request.tagline, request.media_type)
            genres = [GenreGuess(genre=g, probability=p, predicted=yes) for g, p, yes in found]
            return ModelGuess(model=kind, model_version=model.id, genres=genres, error=None)
        except TrendingError as error:
            return _silent(kind, str(error))
        except (
            Exception
        ) as error:  # the storage's errors and the libraries' own: they may name what is nobody's business
            tell("genre model not asked", "warning", model=kind, error=f"{type(error).__name__}: {error}")
            return _silent(kind, f"The {kind} model cannot be asked just now; the API's log says why.")

    def _ask_llm(self, request: ClassifyRequest) -> ModelGuess:
        try:
            from trending_assets.scoring import classify

            result, task = classify.ask(
                self._llm_settings(), request.title, request.overview, request.tagline, request.media_type
            )
        except Exception as error:  # a sentence of ours may name the endpoint or the ledger, which is for the log alone
            tell("llm not asked", "warning", error=f"{type(error).__name__}: {error}")
            return _silent("llm", "The LLM cannot be asked just now; the API's log says why.")
        return _of_llm(result, f"{result.model} prompt {task.prompt.version}")

    def _llm_settings(self) -> Settings:
        """The settings that the LLM is asked with: its address, where that is a scorer of ours, is started once."""
        from pydantic import SecretStr

        from trending_assets.scoring.endpoint import endpoint

        with self._starting:
            if self._settings is None:
                settings = get_settings()
                started = self._stack.enter_context(endpoint(settings))
                budget = settings.llm_daily_budget_usd
                self._settings = settings.model_copy(
                    update={
                        "llm_url": started.url,
                        "llm_api_key": SecretStr(started.key),
                        "llm_model": started.model,
                        "llm_mode": "realtime",  # somebody waits
                        "llm_daily_budget_usd": None if budget is None else budget * BUDGET_SHARE,
                    }
                )
            return self._settings


def _silent(model: Model, why: str, version: str | None = None) -> ModelGuess:
    return ModelGuess(model=model, model_version=version, genres=[], error=why)


def _of_llm(result: "Result", version: str) -> ModelGuess:
    import orjson

    from trending_assets.scoring.client import Failure

    if isinstance(result, Failure):
        if result.kind == "budget":
            return _silent("llm", "Today's budget for the LLM is used up. Ask again after midnight (UTC).", version)
        tell("llm gave no answer", "warning", kind=result.kind, reason=result.reason)
        return _silent("llm", f"The LLM gave no usable answer ({result.kind}).", version)
    best: dict[str, float] = {}
    for guess in orjson.loads(result.response)["genres"]:
        best[guess["genre"]] = max(guess["probability"], best.get(guess["genre"], 0.0))
    genres = [
        GenreGuess(genre=genre, probability=share, predicted=share >= PREDICTED)
        for genre, share in sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return ModelGuess(model="llm", model_version=version, genres=genres, error=None)
