"""The chart publisher: Netflix's TSV and one HTML table a day for every other chart."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from sandbox.pages import table_page
from sandbox.world import Row, World

NETFLIX = "netflix_top10/"
_COLUMNS = (
    "week category weekly_rank show_title season_title weekly_hours_viewed runtime weekly_views "
    "cumulative_weeks_in_top_10"
)


def netflix_tsv(world: World, clock: datetime) -> str:
    """All weeks up to the clock in Netflix's column order, newest week first.

    Runtime and views stay empty where the world does not know them; cumulative weeks are counted in the world.
    """
    lines: list[tuple[date, str, int, str]] = []
    for chart in sorted(name for name in world.charts if name.startswith(NETFLIX)):
        category = chart.removeprefix(NETFLIX)
        weeks: Counter[str] = Counter()
        for day, rows in sorted(world.charts[chart].items()):
            if day > clock.date():
                break
            weeks.update({row["title"] for row in rows})
            for row in rows:
                value = f"{row['value']:.0f}" if row["value"] is not None else ""
                hours, views = ("", value) if row["unit"] == "views" else (value, "")
                title = row["title"].replace("\t", " ")
                cells = [day.isoformat(), category, str(row["rank"]), title, "N/A", hours, "", views]
                cells.append(str(weeks[row["title"]]))
                lines.append((day, category, row["rank"], "\t".join(cells)))
    lines.sort(key=lambda line: (-line[0].toordinal(), line[1], line[2]))
    return "\n".join([_COLUMNS.replace(" ", "\t"), *(line[3] for line in lines)]) + "\n"


def _value(row: Row) -> str:
    if row["value"] is None:
        return ""
    return f"${row['value']:,.0f}" if row["unit"] == "usd" else f"{row['value']:,.0f}"


def chart_page(world: World, chart: str, day: date, clock: datetime) -> str | None:
    """The chart's table of one day; None when it has no such day or the day is after the clock."""
    rows = world.charts.get(chart, {}).get(day)
    if not rows or day > clock.date() or chart.startswith(NETFLIX):
        return None
    head = ["Rank", "Title", "Gross" if rows[0]["unit"] == "usd" else "Value", "Days in release"]
    cells = [
        [
            str(row["rank"]),
            row["title"],
            _value(row),
            "" if row["days_in_release"] is None else str(row["days_in_release"]),
        ]
        for row in rows
    ]
    return table_page("charts.example", f"{chart} {day.isoformat()}", head, cells)
