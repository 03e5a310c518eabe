"""A catalogue on which nothing rises: titles as heavy-tailed, and weeks as uneven, as those of spring-2013."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]

WEEK = np.array([0.768, 0.785, 0.806, 0.881, 1.049, 1.270, 1.441])
"""Share of a day of the mean day, from Monday to Sunday: Sunday has 1.83 times the voices of Tuesday."""
RATES = 78 / (np.arange(7300) + 6.5) ** 1.015
"""Voices a day of each title: about 512 in all, fitted to the title means of spring-2013 up to 2013-05-29."""
MONDAY = date(2020, 1, 6)


def quiet_days(days: int, rng: np.random.Generator, first_weekday: int = 0) -> Array:
    """Titles x days of Poisson voices, oldest day first."""
    return rng.poisson(RATES[:, None] * WEEK[(first_weekday + np.arange(days)) % 7]).astype(np.float64)


def signals_of(voices: Array, first: date) -> pl.DataFrame:
    """Rows of features/title_signals as far as detection reads them: date, title_id and authors, no row without a voice."""
    title, day = np.nonzero(voices)
    dates = np.array([first + timedelta(days=n) for n in range(voices.shape[1])], dtype="datetime64[D]")
    names = pl.Series([f"movie-{n + 1}" for n in range(voices.shape[0])])
    return pl.DataFrame(
        {
            "date": pl.Series(dates[day]).cast(pl.Date),
            "title_id": names.gather(title),
            "authors": pl.Series(voices[title, day]).cast(pl.Int32),
        }
    )
