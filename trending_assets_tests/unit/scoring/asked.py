"""Requests about documents, as the scoring step makes them."""

from trending_assets.scoring.client import Request, request_key
from trending_assets.scoring.documents import document_payload
from trending_assets.scoring.schema import document_task

TASK = document_task()


def requests(model: str, *texts: str) -> list[Request]:
    """A document_score request for each text."""
    row = {"headline": None, "title": "Dune", "rating": None, "rating_max": None}
    payloads = [document_payload(row | {"text": text}) for text in texts]
    return [Request(request_key(model, TASK, payload), payload) for payload in payloads]
