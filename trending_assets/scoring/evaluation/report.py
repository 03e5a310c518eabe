"""Prompt versions side by side, for people: a Markdown table for Dagster and lines for the terminal."""

import polars as pl


def side_by_side(table: pl.DataFrame, task: str, model: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows (labels, metric, n, then a figure with its interval a version) of scoring/evaluation for one task."""
    rows = table.filter((pl.col("task") == task) & (pl.col("model") == model))
    versions = sorted(set(rows["prompt_version"]), key=lambda version: (int(version.partition("-")[0]), version))
    cells = {
        (r["labels"], r["metric"], r["prompt_version"]): (f"{r['value']:.3f} [{r['low']:.3f}, {r['high']:.3f}]", r["n"])
        for r in rows.iter_rows(named=True)
    }
    # The headline first, the others by name.
    lines = sorted({key[:2] for key in cells}, key=lambda key: (key[0], key[1] != "score", key[1]))
    body = []
    for labels, metric in lines:
        found = [cells.get((labels, metric, version), ("", 0)) for version in versions]
        counts = sorted({n for _, n in found if n})
        body.append([labels, metric, " / ".join(map(str, counts)), *(text for text, _ in found)])
    return ["labels", "metric", "n", *versions], body


def markdown(table: pl.DataFrame, task: str, model: str) -> str:
    """The versions of a task as a Markdown table."""
    head, body = side_by_side(table, task, model)
    if not body:
        return "Nothing is evaluated."
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])


def text(table: pl.DataFrame, task: str, model: str) -> str:
    """The versions of a task as lines in columns."""
    head, body = side_by_side(table, task, model)
    if not body:
        return "  Nothing is evaluated; --evaluate does it."
    widths = [max(len(row[n]) for row in [head, *body]) for n in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *body])
    return "\n".join(f"  {line.rstrip()}" for line in lines)
