"""The little of Grafana's classic dashboard model (schema 39) that the dashboards need, as plain dicts.

Grafana's own SDK is one version to pin for each version of Grafana; this model is read by all of them since 8.
"""

import json
from collections.abc import Sequence
from typing import Any, Literal

Panel = dict[str, Any]
Query = tuple[str, str]
"""PromQL, and the legend of its series."""

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH = 24
"""Columns of Grafana's grid."""


def panel(
    title: str,
    unit: str,
    description: str,
    *queries: Query,
    kind: Literal["timeseries", "stat"] = "timeseries",
    red_from: float | None = None,
) -> Panel:
    """A graph (timeseries) or its last value (stat); green below `red_from`, red from there on. Units are Grafana's ids."""
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    custom: dict[str, Any] = {}
    if red_from is not None:
        steps.append({"color": "red", "value": red_from})
        custom = {"thresholdsStyle": {"mode": "line"}} if kind == "timeseries" else {}
    targets = [
        {"datasource": DATASOURCE, "refId": chr(ord("A") + n), "expr": expression, "legendFormat": legend}
        for n, (expression, legend) in enumerate(queries)
    ]
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "fieldConfig": {
            "defaults": {"unit": unit, "custom": custom, "thresholds": {"mode": "absolute", "steps": steps}},
            "overrides": [],
        },
        "targets": targets,
    }


def dashboard(uid: str, title: str, description: str, rows: Sequence[tuple[str, Sequence[Panel]]]) -> dict[str, Any]:
    """A dashboard of named rows; the panels of a row share its width."""
    panels: list[Panel] = []
    y = 0
    for name, members in rows:
        panels.append({"type": "row", "title": name, "collapsed": False, "gridPos": _place(0, y, WIDTH, 1)})
        y += 1
        width, height = WIDTH // len(members), 4 if all(p["type"] == "stat" for p in members) else 8
        panels += [one | {"gridPos": _place(n * width, y, width, height)} for n, one in enumerate(members)]
        y += height
    return {
        "uid": uid,
        "title": title,
        "description": description,
        "tags": ["trending-now"],
        "schemaVersion": 39,
        "editable": False,
        "timezone": "utc",
        "refresh": "1m",
        "time": {"from": "now-24h", "to": "now"},
        "graphTooltip": 1,
        "templating": {
            "list": [{"type": "datasource", "name": "datasource", "label": "Prometheus", "query": "prometheus"}],
        },
        "panels": [one | {"id": n} for n, one in enumerate(panels, start=1)],
    }


def _place(x: int, y: int, w: int, h: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": w, "h": h}


def text_of(made: dict[str, Any]) -> str:
    """The dashboard as the file that is committed."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"
