"""Is the API at an address the one that this code describes, and does it serve a fresh day: `python -m deploy.smoke --api URL`.

Asks as a client does: readiness, days, the newest ranking and a title of it, page, errors, ETag. Answers are held against the
OpenAPI document that the API serves, and that document against this checkout's. Exit status 1 where something is not as it
should be; every check is a line.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

CONTRACT = ("/v1/trends", "/v1/days", "/v1/genres", "/v1/freshness", "/v1/lineage")


class WrongError(Exception):
    """What is not as it should be, in a sentence."""


@dataclass
class Api:
    """An API at an address, and its OpenAPI document."""

    client: httpx.Client
    document: dict[str, Any]

    def get(self, path: str, status: int = 200, **headers: str) -> httpx.Response:
        """An answer. Raises WrongError where it has another status."""
        answer = self.client.get(path, headers=headers)
        if answer.status_code != status:
            raise WrongError(f"{path} answered {answer.status_code}, not {status}: {answer.text[:200]}")
        return answer

    def valid(self, path: str, template: str | None = None) -> dict[str, Any]:
        """JSON that its schema allows. Raises WrongError where it is none."""
        import jsonschema

        body: dict[str, Any] = self.get(path).json()
        try:
            described = self.document["paths"][template or path]["get"]["responses"]["200"]["content"][
                "application/json"
            ]
        except KeyError:
            raise WrongError(f"{template or path} is not in the API's OpenAPI document") from None
        schema = {**described["schema"], "components": self.document["components"]}
        for error in jsonschema.Draft202012Validator(schema).iter_errors(body):
            raise WrongError(f"{path} breaks its schema at {error.json_path}: {error.message[:200]}")
        return body


def same_document(api: Api) -> str:
    """The API is built from this code: their OpenAPI documents agree."""
    from api.app import build
    from api.bundles import Bundles
    from api.metrics import Metrics
    from trending_assets.settings import get_settings

    bundles = Bundles("not read", Path("not written"))
    ours = build("not read", bundles, Metrics(bundles), get_settings()).openapi()
    differing = sorted(
        path
        for path in ours["paths"].keys() | api.document["paths"].keys()
        if ours["paths"].get(path) != api.document["paths"].get(path)
    )
    if differing or ours["components"] != api.document["components"]:
        raise WrongError(
            f"its OpenAPI document is not this code's; paths that differ: {', '.join(differing) or 'none'}"
        )
    return f"{len(ours['paths'])} paths"


def fresh(api: Api, most_days: int | None, today: date) -> str:
    """A day is published, and it is not too old."""
    days = api.valid("/v1/days")["days"]
    if not days:
        raise WrongError("no day is published")
    newest = max(date.fromisoformat(day) for day in days)
    age = (today - newest).days
    if most_days is not None and age > most_days:
        raise WrongError(f"the newest day is {newest}, {age} days ago; at most {most_days} are allowed")
    return f"{len(days)} days, newest {newest}"


def contract(api: Api) -> str:
    """Answers are as the document says; those of one title, too."""
    for path in CONTRACT:
        api.valid(path)
    rows = api.valid("/v1/trends")["results"]
    if not rows:
        raise WrongError("the newest ranking is empty")
    title = rows[0]["title_id"]
    for part in ("", "/history", "/evidence"):
        api.valid(f"/v1/titles/{title}{part}", f"/v1/titles/{{title_id}}{part}")
    return f"{len(CONTRACT) + 4} answers; {len(rows)} titles in the newest ranking"


def cached(api: Api) -> str:
    """A ranking bears an ETag, and asking with it costs nothing."""
    first = api.get("/v1/trends")
    tag = first.headers.get("etag")
    if not tag:
        raise WrongError("/v1/trends bears no ETag")
    again = api.get("/v1/trends", 304, **{"If-None-Match": tag})
    if again.content:
        raise WrongError("a 304 has a body")
    return f"ETag {tag}, 304 without a body"


def errors(api: Api) -> str:
    """Errors are problem+json."""
    for path, status in (("/v1/trends?colour=red", 422), ("/v1/titles/movie-999999999999", 404), ("/nowhere", 404)):
        answer = api.get(path, status)
        if answer.headers.get("content-type") != "application/problem+json":
            raise WrongError(f"{path} answered {answer.headers.get('content-type')}, not application/problem+json")
    return "422 and 404 are problem+json"


def page(api: Api) -> str:
    """The page is there, with what it draws with."""
    html = api.get("/", Accept="text/html").text
    if "<title>" not in html or "d3-force" not in html:
        raise WrongError("/ is no page of this project, or has no D3")
    return f"{len(html.encode()) // 1024} KiB"


def ready(client: httpx.Client, wait: float, clock: Callable[[], float] = time.monotonic) -> str:
    """/readyz says 200 within the time. Raises WrongError."""
    until, said = clock() + wait, "nothing"
    while True:
        try:
            answer = client.get("/readyz")
            if answer.status_code == 200:
                return "200"
            said = f"{answer.status_code} {answer.text[:200]}"
        except httpx.HTTPError as error:
            said = f"{type(error).__name__}: {error}"
        if clock() > until:
            raise WrongError(f"/readyz does not say 200; it said {said}")
        time.sleep(1)


def checks(client: httpx.Client, wait: float, most_days: int | None, today: date) -> Iterator[tuple[str, bool, str]]:
    """(check, right, what was found) of every check; after the first two all run, whatever the others say."""
    api = Api(client, {})

    def described() -> str:
        api.document = api.get("/openapi.json").json()
        return str(api.document["info"]["version"])

    steps: list[tuple[str, Callable[[], str]]] = [
        ("ready", lambda: ready(client, wait)),
        ("described", described),
        ("this code's contract", lambda: same_document(api)),
        ("a fresh day", lambda: fresh(api, most_days, today)),
        ("answers as described", lambda: contract(api)),
        ("cached", lambda: cached(api)),
        ("errors", lambda: errors(api)),
        ("page", lambda: page(api)),
    ]
    for number, (name, check) in enumerate(steps):
        try:
            yield name, True, check()
        except (WrongError, httpx.HTTPError, ValueError, KeyError) as error:
            yield name, False, str(error) if isinstance(error, WrongError) else f"{type(error).__name__}: {error}"
            if number < 2:
                return


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a check. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--api", required=True, metavar="URL", help="address of the API, https://…")
    parser.add_argument("--wait", type=float, default=60, help="seconds until it has to be ready")
    parser.add_argument(
        "--most-days", type=int, metavar="N", help="the newest day may be N days old (not looked at without)"
    )
    parser.add_argument("--key-file", type=argparse.FileType(), metavar="FILE", help="file with an API key")
    options = parser.parse_args(arguments)
    headers = {"Authorization": f"Bearer {options.key_file.read().strip()}"} if options.key_file else {}
    wrong = 0
    with httpx.Client(base_url=options.api.rstrip("/"), headers=headers, timeout=30) as client:
        for name, right, found in checks(client, options.wait, options.most_days, datetime.now(UTC).date()):
            wrong += not right
            print(f"{'ok  ' if right else 'FAIL'}  {name}: {found}", flush=True)
    print(f"{options.api}: {'all is well' if not wrong else f'{wrong} checks failed'}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
