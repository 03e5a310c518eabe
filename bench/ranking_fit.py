"""Fits the numbers of the ranking: `python -m bench.ranking_fit [--write]`. Nothing after 2013-05-29 is read.

features/release_size.yaml: a ridge regression on films that opened in the US from 2000 to February 2013. trends/forecast.yaml:
the stages of life, the release's profile and the spread, on spring-2013 from 2013-03-14 to 2013-05-22.
"""

import argparse
import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from sklearn.linear_model import PoissonRegressor, RidgeCV
from sklearn.model_selection import cross_val_predict

from bench.shared import SHARED, TUNING_ENDS
from trending_assets.features.files import FileFeatures, features_of_files
from trending_assets.features.release_size import COEFFICIENTS, terms
from trending_assets.partitions import days_between
from trending_assets.trends import forecast
from trending_assets.trends.parameters import DEFAULTS

BEGIN = date(2013, 2, 28)
FITTED = days_between(BEGIN + timedelta(days=14), TUNING_ENDS - timedelta(days=7))
GENRES = [
    *("Action", "Adventure", "Science Fiction", "Fantasy", "Family", "Animation", "Comedy", "Drama", "Horror"),
    *("Thriller", "Documentary", "Romance", "Crime", "Mystery", "War", "History", "Music", "Western", "Foreign"),
]
KNOTS = (-10, -8, -6, -3, 0, 3, 7, 14, 21)
LOUD = 2.0
"""Voices a day from which a title speaks for itself: the release's profile is fitted on those below."""
HEARD = 0.15
"""Voices a day from which a title's own level is taken to say something."""
MOST = 50.0
"""Voices a day that one title may count for in the stages' factors: no single film makes one."""
USUAL = 500.0
"""Voices of an ordinary day, about: keeps the regression's numbers near 1."""
STRATA = ((1.0, 5.0), (5.0, 20.0), (20.0, np.inf))
"""Expected mentions of the next 7 days between which the intervals' coverage is looked at."""
RELEASE_SPREAD = 2.0
"""Squared relative error of releases' voices beyond chance, in cross-validation by title (1.3 to 3.1): in sample it is less."""
PRIOR = 30.0
"""Voices a day that pull a stage's factor to that of all stages."""


def openings(shared: Path) -> pl.DataFrame:
    """FACTS of films that opened in the US between 2000 and February 2013, with the log10 of their first 7 days' gross."""
    taken = pl.read_parquet(shared / "data" / "boxoffice_daily.parquet").filter(pl.col("date") < BEGIN)
    opened = (
        taken.sort("date")
        .group_by("release_id", "title", maintain_order=True)
        .agg(pl.col("date").first(), pl.col("days").first(), gross=pl.col("gross").head(7).sum())
        .filter(pl.col("days") <= 2)
    )
    plain = pl.col("title").str.to_lowercase().str.replace_all(r"[^a-z0-9 ]|^(the|a|an) ", "").str.strip_chars()
    facts = pl.read_parquet(shared / "data" / "titles.parquet").filter(source="tmdb5000")
    joined = opened.with_columns(name=plain).join(
        facts.select("year", "genres", "original_language", "media_type", "runtime", name=plain), on="name"
    )
    near = (pl.col("year") - pl.col("date").dt.year()).abs() <= 1
    return (
        joined.filter(near, pl.col("genres").list.len() > 0)
        .sort("release_id", "year")
        .unique("release_id", keep="first", maintain_order=True)
        .rename({"runtime": "runtime_minutes"})
        .with_columns(log_gross=(pl.col("gross") + 1000).log10())
    )


def fit_size(shared: Path) -> dict[str, float]:
    """Coefficients of the release's size; prints how well it foretells films that it was not fitted on."""
    films = openings(shared)
    named = terms(GENRES)
    x = films.select(e.cast(pl.Float64).fill_null(0.0).alias(name) for name, e in named.items()).to_numpy()
    y = films["log_gross"].to_numpy()
    model = RidgeCV(alphas=[1, 3, 10, 30])
    told = cross_val_predict(model, x, y, cv=10)
    print(
        f"Release size: {films.height:,} openings, R2 {1 - np.var(y - told) / np.var(y):.2f} in 10-fold cross-validation."
    )
    model.fit(x, y)
    return {"intercept": round(float(model.intercept_), 3)} | {
        name: round(float(value), 3) for name, value in zip(named, model.coef_, strict=True)
    }


def ahead(features: FileFeatures, days: list[date]) -> pl.DataFrame:
    """date, title_id, and authors a day of the next day (`day`) and of the next 7 days (`week`), for each of `days`."""
    said = features.signals.filter(pl.col("date") <= TUNING_ENDS).select("date", "title_id", "authors")
    frames = []
    for day in days:
        later = said.filter(pl.col("date") > day, pl.col("date") <= day + timedelta(days=7))
        tomorrow = pl.col("authors").filter(pl.col("date") == day + timedelta(days=1)).sum()
        frames.append(
            later.group_by("title_id")
            .agg(day=tomorrow, week=pl.col("authors").sum() / 7)
            .with_columns(date=pl.lit(day))
        )
    return pl.concat(frames)


def fit_horizon(rows: pl.DataFrame, horizon: str) -> dict[str, Any]:
    """The release's profile by Poisson regression, and each stage's factor: voices that came over the level."""
    y = rows[horizon].to_numpy()
    age, size = (rows[c].cast(pl.Float64).to_numpy() for c in ("days_since_release", "release_size"))
    first, last = forecast.RELEASE_DAYS
    near = (age >= first) & (age <= last) & np.isfinite(size)
    quiet = near & (rows["voices_ewma_1d"].to_numpy() < LOUD)
    hats = np.column_stack([np.interp(age[quiet], KNOTS, row) for row in np.eye(len(KNOTS))])
    # Poisson with an offset: the rate against the release's dollars and the day's voices, weighted by them.
    exposure = 10 ** (size[quiet] - forecast.SIZE) * forecast.usual(rows)[quiet] / USUAL
    came = y[quiet] * forecast.HORIZONS[horizon]
    model = PoissonRegressor(alpha=0.03, max_iter=1000).fit(hats, came / exposure, sample_weight=exposure)
    days = np.log(forecast.HORIZONS[horizon] * USUAL)
    profile = {k: round(float(v + model.intercept_ - days), 3) for k, v in zip(KNOTS, model.coef_, strict=True)}
    own = forecast.level(rows, DEFAULTS.level_saturation)
    heard = own > HEARD
    stage = forecast.stage(rows)
    seen = np.minimum(y, MOST)
    overall = seen[heard].sum() / own[heard].sum()
    factors = {}
    for n, name in enumerate(forecast.STAGES):
        mine = heard & (stage == n)
        factors[name] = round(float((seen[mine].sum() + PRIOR * overall) / (own[mine].sum() + PRIOR)), 3)
    return {"factors": factors, "release": profile}


def fit_spread(rows: pl.DataFrame, numbers: forecast.Fitted) -> dict[str, float]:
    """The spread of a small grid whose intervals cover most nearly 95% of outcomes, by stratum of the expectation."""
    own = forecast.level(rows, DEFAULTS.level_saturation) * numbers.factors[forecast.stage(rows)]
    release = 7 * forecast.releases(rows, numbers)
    mean, came = 7 * own + release, 7 * rows["week"].to_numpy()
    strata = [(mean >= low) & (mean < high) for low, high in STRATA]
    best: tuple[float, dict[str, float]] = (np.inf, {})
    for known, few in itertools.product((0.1, 0.15, 0.2, 0.25, 0.3), (0.5, 0.7, 0.9, 1.2)):
        spread = forecast.Spread(known, few, RELEASE_SPREAD)
        low, high = forecast.interval(mean, release, spread, 0.0, 0.95)
        inside = (came >= low) & (came <= high)
        off = float(sum((inside[stratum].mean() - 0.95) ** 2 for stratum in strata))
        if off < best[0]:
            best = off, {"known": known, "few": few, "release": RELEASE_SPREAD}
            print(f"  {best[1]}: covers " + ", ".join(f"{inside[stratum].mean():.3f}" for stratum in strata))
    return best[1]


def main() -> None:
    """Fit, print, and with --write replace the two files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace the two files of fitted numbers")
    write = parser.parse_args().write
    size = fit_size(SHARED)
    print(yaml.safe_dump(size, sort_keys=False))
    if write:
        COEFFICIENTS.write_text(
            "# Fitted by `python -m bench.ranking_fit --write`.\n" + yaml.safe_dump(size, sort_keys=False)
        )
    world = SHARED / "worlds" / "spring-2013"
    titles, documents, charts = (world / f"{name}.parquet" for name in ("titles", "documents", "charts"))
    features = features_of_files(titles, documents, charts, BEGIN, TUNING_ENDS)
    frames = [features.title_days([day]).filter(_told()) for day in FITTED]
    rows = pl.concat(frames).join(ahead(features, FITTED), on=["date", "title_id"], how="left")
    rows = rows.with_columns(pl.col("day", "week").fill_null(0.0))
    found: dict[str, Any] = {name: fit_horizon(rows, name) for name in forecast.HORIZONS}
    found["spread"] = fit_spread(rows, forecast.numbers_of(found["week"]))
    print(yaml.safe_dump(found, sort_keys=False))
    if write:
        forecast.FITTED.write_text(
            "# Fitted by `python -m bench.ranking_fit --write`.\n" + yaml.safe_dump(found, sort_keys=False)
        )


def _told() -> pl.Expr:
    first, last = forecast.RELEASE_DAYS
    coming = pl.col("days_since_release").is_between(first, last) & pl.col("release_size").is_not_null()
    return (pl.col("voices_28d") > 0) | coming.fill_null(False)


if __name__ == "__main__":
    main()
