"""schemathesis over the whole OpenAPI document of a real server: `python -m bench.api_contract`.

All of its phases and checks; real snapshots, titles and days are among what it sends, so that answers are reached and not
404 alone. Beside its own checks, every error must be a problem (RFC 9457) of its status. Prints cases, failures, and the
statuses that each operation was seen to give.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from api.models import Problem
from bench.made_lake import DAY, days_until, made_lake
from bench.server_process import server, trending_serve
from trending_assets.s3 import free_port

SCHEMATHESIS = str(Path(sys.executable).parent / "schemathesis")
LIKELY = 0.7
"""Share of the values of a parameter that are real ones."""


@dataclass
class Fuzzed:
    """What schemathesis did. `failures` are its own words, `odd` are errors that are no problem, `statuses` by operation."""

    cases: int = 0
    failures: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def fuzz(
    url: str,
    examples: int,
    seed: int = 1,
    known: Mapping[str, Sequence[str]] | None = None,
    document: Path | None = None,
) -> Fuzzed:
    """One run with up to `examples` made cases an operation. `known`: real values by "path.title_id", "query.date", …

    `document` is an OpenAPI document in place of the server's own.
    """
    given = json.loads(document.read_bytes()) if document else httpx.get(f"{url}/openapi.json").json()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "openapi.json").write_text(json.dumps(_without_tuples(given)))
        (folder / "schemathesis.toml").write_text(_config(known or {}))
        options = (
            f"--max-examples {examples} --seed {seed} --checks all --continue-on-failure --warnings off --report har "
            "--suppress-health-check all --request-timeout 120 --max-response-time 120"
        )
        command = [SCHEMATHESIS, "--config-file", str(folder / "schemathesis.toml"), "--no-color", "run"]
        command += [str(folder / "openapi.json"), "--url", url, *options.split()]
        command += ["--report-har-path", str(folder / "har.json")]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        har = json.loads((folder / "har.json").read_text()) if (folder / "har.json").exists() else None
    if har is None:
        raise RuntimeError(f"schemathesis did not run:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    found = _read(har["log"]["entries"], given)
    if done.returncode:
        found.failures = _failures(done.stdout) or [done.stdout[-3000:]]
    return found


def _without_tuples(schema: Any) -> Any:
    """The document with tuples as lists of any of their types.

    schemathesis 4.32 turns `prefixItems` into an `items` list, which it finds invalid then.
    """
    if isinstance(schema, list):
        return [_without_tuples(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _without_tuples(value) for key, value in schema.items()}
    if "prefixItems" in plain:
        plain["items"] = {"anyOf": plain.pop("prefixItems")}
    return plain


def _config(known: Mapping[str, Sequence[str]]) -> str:
    lines = []
    for at, values in enumerate(known.values()):
        lines += [f"[dictionaries.known_{at}]", f"values = {json.dumps(list(values))}"]
    lines.append("[parameters]")
    lines += [
        f'"{parameter}" = {{ dictionary = "known_{at}", probability = {LIKELY} }}' for at, parameter in enumerate(known)
    ]
    return "\n".join(lines) + "\n"


def _failures(output: str) -> list[str]:
    """The failures and errors that the report shows, each as its operation and its first words."""
    _, _, shown = output.partition("FAILURES")
    shown = (shown or output).partition("SUMMARY")[0]
    parts = re.split(r"\n_{3,} (.+?) _{3,}\n", shown)
    return [
        f"{operation}: {line.strip()}"
        for operation, text in zip(parts[1::2], parts[2::2], strict=True)
        for line in re.findall(r"^- .+$", text, re.MULTILINE) or [" ".join(text.split())[:300]]
    ]


def _read(entries: Sequence[Mapping[str, Any]], document: Mapping[str, Any]) -> Fuzzed:
    templates = sorted(document["paths"], key=lambda path: (path.count("{"), -len(path)))
    patterns = [(path, re.compile(re.sub(r"\\\{.+?\\\}", "[^/]+", re.escape(path)))) for path in templates]
    found = Fuzzed(cases=len(entries))
    for entry in entries:
        method, path, reply = entry["request"]["method"], urlsplit(entry["request"]["url"]).path, entry["response"]
        status = reply["status"]
        named = next((name for name, pattern in patterns if pattern.fullmatch(path)), "elsewhere")
        listed = named != "elsewhere" and method.lower() in document["paths"][named]
        found.statuses[f"{method} {named}" if listed else "other methods and paths"].add(status)
        if status >= 400 and method != "HEAD" and not _is_problem(status, reply["content"]):
            found.odd.append(f"{method} {entry['request']['url']}: {status} {reply['content'].get('text', '')[:200]}")
    return found


def _is_problem(status: int, content: Mapping[str, Any]) -> bool:
    if not content.get("mimeType", "").startswith("application/problem+json"):
        return False
    try:
        return Problem.model_validate_json(content.get("text", "")).status == status
    except ValueError:
        return False


def known_values(url: str) -> dict[str, list[str]]:
    """Real snapshots, titles and days of a served lake."""
    days = httpx.get(f"{url}/v1/days").json()["days"]
    snapshots = [httpx.get(f"{url}/v1/trends", params={"date": day}).json()["snapshot"] for day in days]
    titles = [row["title_id"] for row in httpx.get(f"{url}/v1/trends?limit=20").json()["results"]]
    dates = {f"query.{name}": days for name in ("date", "from", "to")}
    return {"path.snapshot": snapshots, "path.title_id": titles, **dates}


def contract(url: str, cases: int, examples: int = 100) -> Fuzzed:
    """Runs with one seed after another until there were `cases` cases."""
    known, whole, seed = known_values(url), Fuzzed(), 0
    while whole.cases < cases:
        seed += 1
        one = fuzz(url, examples, seed, known)
        whole.cases += one.cases
        whole.failures += one.failures
        whole.odd += one.odd
        for operation, statuses in one.statuses.items():
            whole.statuses[operation] |= statuses
        if one.failures:
            break
    return whole


def main() -> None:
    """Print the figures; exit 1 on a failure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000, help="least number of cases")
    parser.add_argument("--examples", type=int, default=100, help="made cases an operation in one run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lake, port = made_lake(Path(folder) / "lake", days_until(DAY, 3)).uri, free_port()
        env = {"TRENDING_STATE_DIR": f"{folder}/state", "TRENDING_API_DRAIN_SECONDS": "0"}
        with server(trending_serve(lake, port), port, env=env) as one:
            found = contract(one.url, options.cases, options.examples)
    for operation, statuses in sorted(found.statuses.items()):
        print(f"  {operation:<60} {' '.join(map(str, sorted(statuses)))}")
    print(f"{found.cases:,} cases over {len(found.statuses) - 1} operations: {len(found.failures)} failures,", end=" ")
    print(f"{len(found.odd)} errors that are no problem+json.")
    print(*found.failures, *found.odd[:10], sep="\n")
    sys.exit(1 if found.failures or found.odd else 0)


if __name__ == "__main__":
    main()
