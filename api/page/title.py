"""A title's page: what is known of it on a day, and where every figure comes from."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from api.dagster_runs import dagit_run_url
from api.live import LASTS
from api.page.render import answer, page, problem
from api.page.words import number_citations
from api.ready import Ready
from api.reply import Answer

D3 = ["selection", "shape", "path"]
DOCUMENTS = 40  # shown at first, beside those that the digest cites
SOURCES = {
    "trends/trend_scores": "rank, score, lift and forecast",
    "scoring/title_digests": "digest, vibe score and tags",
    "scoring/document_scores": "sentiment and genre of each document",
    "genre/predictions": "genres by XGBoost and BERT",
    "linking/mentions": "which document speaks of which title",
    "serving/bundle": "this answer",
}

CSV = b"text/csv; charset=utf-8"
router = APIRouter(include_in_schema=False)


def sources(assets: Sequence[Mapping[str, Any]], dagit_url: str | None) -> list[dict[str, Any]]:
    """The assets that a title's figures come from, with what they gave and the address of the run that wrote them."""
    known = {row["asset"]: row for row in assets}
    return [
        {**known[name], "gave": gave, "run_url": run_url(dagit_url, known[name]["run_id"])}
        for name, gave in SOURCES.items()
        if name in known
    ]


def moments(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a history, which come as values in the order of `columns`, by name."""
    return [dict(zip(body["columns"], row, strict=True)) for row in body["history"]]


def chosen(evidence: Sequence[Mapping[str, Any]], numbers: Mapping[str, int], most: int) -> list[Mapping[str, Any]]:
    """The cited documents by their number, then the others in their order: `most` in all, and every cited one."""
    cited = sorted((row for row in evidence if row["doc_id"] in numbers), key=lambda row: numbers[row["doc_id"]])
    others = [row for row in evidence if row["doc_id"] not in numbers]
    return cited + others[: max(0, most - len(cited))]


def run_url(dagit_url: str | None, run_id: str | None) -> str | None:
    """Where Dagit shows a run; None where its address or the run is not known."""
    return dagit_run_url(dagit_url, run_id) if dagit_url and run_id else None


@router.get("/titles/{title_id}")
def title(
    request: Request,
    title_id: str,
    date: Annotated[str | None, Query()] = None,
    documents: Annotated[str | None, Query()] = None,
) -> Response:
    """A title on a day: facts, digest with citations, history, evidence, genres side by side, and the runs behind it."""
    path = f"/v1/titles/{quote(title_id, safe='')}"
    answers: dict[str, dict[str, Any]] = {}
    for part in ("", "/history", "/evidence"):
        status, answers[part] = answer(request, path + part, {"date": date})
        if status != 200:
            return problem(request, status, answers[part])
    body, total = answers[""], answers["/evidence"]["total"]
    recorded, lineage = answer(request, "/v1/lineage", {"date": body["date"]})
    sentences, numbers = number_citations(body["title"].get("summary"))
    evidence = chosen(answers["/evidence"]["results"], numbers, total if documents == "all" else DOCUMENTS)
    dagit_url = getattr(request.app.state, "dagster_url", None)
    context = {
        "body": body,
        "title": body["title"],
        "trend": body.get("trend"),
        "day": body["date"],
        "path": path,
        "history": moments(answers["/history"]),
        "evidence": evidence,
        "evidence_total": total,
        "sentences": sentences,
        "numbers": numbers,
        "listed": {row["doc_id"] for row in evidence},
        "sources": sources(lineage["assets"], dagit_url) if recorded == 200 else [],
        "dagit_url": dagit_url,
    }
    return page(request, "title.html", context, D3, lasts=LASTS)


@router.get("/titles/{title_id}/history.csv")
def history_csv(request: Request, title_id: str, date: Annotated[str | None, Query()] = None) -> Response:
    """The history as CSV: figures and days alone, so no cell can be a formula."""
    status, body = answer(request, f"/v1/titles/{quote(title_id, safe='')}/history", {"date": date})
    if status != 200:
        return problem(request, status, body)
    out = io.StringIO()
    csv.writer(out).writerows([body["columns"], *body["history"]])
    text = out.getvalue().encode()
    return Ready(Answer(text, hashlib.sha256(text).hexdigest()[:32], content_type=CSV, keep=True))
