"""whylogs' own summary drift report as one page that loads nothing from anywhere."""

import html
import re
from datetime import date, datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from trending_assets.drift.sketch import _whylogs, read_profile

NOTE = (
    "whylogs' own view of {day} (target) beside {reference} (reference). What it calls drift is its own rule, which alarms on "
    "quiet days too: the verdicts stand in the report of the day."
)
_TEMPLATE = "index-hbs-cdn-all-in-for-jupyter-notebook.html"
_RAW = re.compile(r"\{\{\{\{/?raw\}\}\}\}")
_FROM_ELSEWHERE = re.compile(r"<link\b[^>]*>|<script\b[^>]*\bsrc=[^>]*>\s*</script>")


def profiles_page(rows: pl.DataFrame, baseline: pl.DataFrame, day: date) -> str:
    """The page of a day's rows of drift/profiles beside those of drift/baseline against `trailing`, as HTML.

    Where the frames have a column `date`, other days are left out. Without a baseline the day is shown beside itself, and the
    page says so. A column that only one side knows does not appear; one without values has no chart.
    whylogs' template takes its libraries from CDNs; its package brings the same ones along, and they are put into the page.
    """
    target = _of_day(rows, day)
    trailing = _of_day(baseline, day).filter(pl.col("against") == "trailing")
    reference = trailing if trailing.height else target
    shown = _report(_view(target, day), _view(reference, day))
    days = int(trailing["days"].to_numpy().max()) if trailing.height else 0
    known = f"the {days} days before it" if days else "itself, for want of earlier days"
    note = html.escape(NOTE.format(day=day, reference=known), quote=False)
    top = f'<p style="margin:16px 24px;font:16px/1.5 sans-serif">{note}</p>'
    return shown.replace('<body id="generated-html"></body>', f'<body>{top}<div id="generated-html"></div></body>', 1)


def _of_day(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    return (rows.filter(pl.col("date") == day) if "date" in rows.columns else rows).sort("column")


def _view(rows: pl.DataFrame, day: date) -> Any:
    """whylogs' view of rows with columns `column` and `profile`."""
    _whylogs()
    views = {column: read_profile(data) for column, data in rows.select("column", "profile").iter_rows()}
    from whylogs.core.view.dataset_profile_view import DatasetProfileView

    at = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)  # noqa: UP017
    return DatasetProfileView(columns=views, dataset_timestamp=at, creation_timestamp=at)


def _report(target: Any, reference: Any) -> str:
    """The summary drift report with its libraries in it.

    The template's two blanks are filled here: whylogs has all of it parsed by a Handlebars in Python, which takes seconds and
    leaves the rest as it is.
    """
    import whylogs.viz
    from whylogs.viz.utils.profile_viz_calculations import generate_summaries_with_drift_score

    folder = Path(whylogs.viz.__file__).parent / "html"
    page = _RAW.sub("", (folder / "templates" / _TEMPLATE).read_text())
    for name, text in generate_summaries_with_drift_score(target, reference, config=None).items():
        # Into a script: a category with </script> in its name would end it.
        page = page.replace(f"{{{{{{{name}}}}}}}", _inert(text))
    return _FROM_ELSEWHERE.sub("", page).replace("</head>", f"{_libraries(folder)}</head>", 1)


def _inert(text: str) -> str:
    """The same JSON without a character that HTML would take for its own: in JSON, they stand in strings alone."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _libraries(folder: Path) -> str:
    """Bootstrap's style sheet, Handlebars, jQuery and D3 as whylogs' package brings them along."""
    whole = (folder / "templates/index-hbs-library-all-in.html").read_text()
    handlebars = re.search(r"<script>\s*/\*\*!\s*@license\s*handlebars.*?</script>", whole, re.S)
    if handlebars is None:
        raise ValueError("whylogs brings no Handlebars along any more: its page needs another way to it.")
    runs = handlebars[0].replace(
        '.join("-";', '.join("-");'
    )  # whylogs' copy lost that bracket, and no browser takes it
    style = f"<style>{(folder / 'css/bootstrap.min.css').read_text()}</style>"
    scripts = [
        f"<script>{(folder / 'js' / name).read_text()}</script>" for name in ("jquery-3.6.0.min.js", "d3.min.js")
    ]
    return "\n".join([style, runs, *scripts])
