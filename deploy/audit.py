"""Known vulnerabilities of what is locked: `python -m deploy.audit` (needs the extra tools and a network).

pip-audit asks for every package of every lock, npm for the page's. A package that the service did not answer for counts as not
audited, never as sound. Exceptions stand in deploy/audit-exceptions.toml, each with a reason and a date. Exit status: 0 all is
audited and nothing is known, 1 something is known (or an exception is over or of no use), 2 something could not be audited.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

REPO = Path(__file__).resolve().parent.parent
EXCEPTIONS = REPO / "deploy" / "audit-exceptions.toml"
UNHASHED = {"bert.txt"}
"""Locks without hashes, and why: the CPU wheel of torch differs from index to index."""
LONGEST_DAYS = 183


class ExceptionOf(BaseModel):
    """A vulnerability that may stay for a while."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(min_length=5)
    package: str = Field(min_length=1)
    until: date
    reason: str = Field(min_length=20)


@dataclass(frozen=True)
class Known:
    """A known vulnerability of a locked package. `ids` are its names; `fixed` the versions that mend it."""

    lock: str
    package: str
    version: str
    ids: tuple[str, ...]
    fixed: tuple[str, ...]


@dataclass(frozen=True)
class Audited:
    """What a service said of a lock: packages asked for, why some got no answer, what is known."""

    lock: str
    packages: int
    unanswered: tuple[str, ...]
    known: tuple[Known, ...]


def read_exceptions(file: Path = EXCEPTIONS) -> list[ExceptionOf]:
    """The file's entries. Raises ValueError with a sentence where it is wrong."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        return [ExceptionOf.model_validate(entry) for entry in document.get("exception", [])]
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"{file.name} is wrong: {error}") from None


def locks() -> list[Path]:
    """Every lock of Python packages."""
    return sorted((REPO / "requirements").glob("*.txt"))


def of_pip_audit(lock: str, report: dict[str, Any]) -> Audited:
    """What pip-audit's JSON says."""
    dependencies = report["dependencies"]
    unanswered = tuple(f"{d['name']}: {d['skip_reason']}" for d in dependencies if "skip_reason" in d)
    known = tuple(
        Known(lock, d["name"], d["version"], (v["id"], *v.get("aliases", ())), tuple(v.get("fix_versions", ())))
        for d in dependencies
        for v in d.get("vulns", ())
    )
    return Audited(lock, len(dependencies), unanswered, known)


def of_npm(lock: str, packages: int, report: dict[str, Any]) -> Audited:
    """What npm audit's JSON says."""
    if "vulnerabilities" not in report:
        said = report.get("message") or report.get("error") or "no answer"
        return Audited(lock, packages, tuple([f"npm: {said}"] * packages), ())
    known = [
        Known(lock, name, entry.get("range", ""), (via.get("url", "").rsplit("/", 1)[-1] or name,), ())
        for name, entry in report["vulnerabilities"].items()
        for via in entry["via"]
        if isinstance(via, dict)
    ]
    return Audited(lock, packages, (), tuple(known))


def audit_python(lock: Path, tool: Path, service: str) -> Audited:
    """Ask for every package of a lock."""
    name = str(lock.relative_to(REPO))
    hashes = ["--no-deps"] if lock.name in UNHASHED else ["--require-hashes"]
    command = [str(tool), "-r", str(lock), "--disable-pip", *hashes, "-f", "json", "--progress-spinner", "off"]
    done = subprocess.run([*command, "-s", service, "--timeout", "30"], capture_output=True, text=True, check=False)
    try:
        return of_pip_audit(name, json.loads(done.stdout))
    except (json.JSONDecodeError, KeyError):
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        return Audited(name, 1, (f"pip-audit: {last[0][:300]}",), ())


def audit_npm() -> Audited:
    """Ask for every package of the page's lock."""
    lock = REPO / "web" / "package-lock.json"
    packages = sum(1 for name in json.loads(lock.read_text(encoding="utf-8"))["packages"] if name)
    sys.path.insert(0, str(REPO / "web"))
    from install import find_npm

    done = subprocess.run(
        [*find_npm(), "audit", "--json", "--package-lock-only"],
        cwd=lock.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return of_npm("web/package-lock.json", packages, json.loads(done.stdout))
    except json.JSONDecodeError:
        return of_npm("web/package-lock.json", packages, {})


def verdict(audited: Sequence[Audited], exceptions: Sequence[ExceptionOf], today: date) -> tuple[int, list[str]]:
    """The exit status and what is to be said, a line each."""
    used = set[str]()
    lines, bad = [], False
    for one in audited:
        lines.append(
            f"{one.lock:<30}{one.packages:>6} packages{one.packages - len(one.unanswered):>6} audited{len(one.known):>5} known"
        )
        for known in one.known:
            found = next((e for e in exceptions if e.package == known.package and e.id in known.ids), None)
            what = f"  {known.package} {known.version}: {', '.join(known.ids)}"
            fix = f"; fixed in {', '.join(known.fixed)}" if known.fixed else "; no version mends it"
            if found is None:
                bad = True
                lines.append(f"{what}{fix}")
                continue
            used.add(found.id)
            over = found.until < today
            bad = bad or over
            lines.append(f"{what}; excepted until {found.until}{', WHICH HAS PASSED' if over else ''}: {found.reason}")
    unanswered = [reason for one in audited for reason in one.unanswered]
    for entry in exceptions:
        if (entry.until - today).days > LONGEST_DAYS:
            bad = True
            lines.append(f"The exception {entry.id} is dated more than {LONGEST_DAYS} days ahead ({entry.until}).")
        if not unanswered and entry.id not in used:
            bad = True
            lines.append(f"The exception {entry.id} ({entry.package}) is of no use any more: take it out.")
    if unanswered:
        lines.append(
            f"{len(unanswered)} packages were not audited: the service did not answer. The first: {unanswered[0]}"
        )
    count = sum(len(one.known) for one in audited)
    lines.append(f"{count} known vulnerabilities, {len(used)} of them excepted.")
    return (1 if bad else 2 if unanswered else 0), lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit every lock and print what is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--service", choices=["pypi", "osv"], default="pypi", help="where vulnerabilities are asked for"
    )
    parser.add_argument("--no-npm", action="store_true", help="leave the page's packages out")
    options = parser.parse_args(arguments)
    tool = REPO / ".venv" / "tools" / "bin" / "pip-audit"
    if not tool.exists():
        print("There is no pip-audit: make setup EXTRAS=tools installs it.", file=sys.stderr)
        return 2
    try:
        exceptions = read_exceptions()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    audited = [audit_python(lock, tool, options.service) for lock in locks()]
    if not options.no_npm:
        audited.append(audit_npm())
    status, lines = verdict(audited, exceptions, datetime.now(UTC).date())
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
