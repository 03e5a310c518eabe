"""The audit of dependencies: what services say, exceptions, and the real pip-audit."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.audit import (
    EXCEPTIONS,
    Audited,
    ExceptionOf,
    audit_python,
    locks,
    of_npm,
    of_pip_audit,
    read_exceptions,
    verdict,
)
from trending_assets_tests.unit.deploy.dockerfiles import REPO
from trending_assets_tests.unit.deploy.tools import tool

TODAY = date(2026, 11, 26)
VULNERABLE: dict[str, Any] = {
    "dependencies": [
        {"name": "polars", "version": "2.1.0", "vulns": []},
        {
            "name": "jinja2",
            "version": "2.10",
            "vulns": [{"id": "PYSEC-2019-217", "aliases": ["CVE-2019-10906"], "fix_versions": ["2.10.1"]}],
        },
    ]
}


def exception(**parts: Any) -> ExceptionOf:
    """A sound exception but for what is given."""
    sound = {
        "id": "CVE-2019-10906",
        "package": "jinja2",
        "until": date(2027, 1, 31),
        "reason": "We render templates of our own only.",
    }
    return ExceptionOf.model_validate({**sound, **parts})


def test_what_is_known_fails_and_names_the_cure() -> None:
    status, lines = verdict([of_pip_audit("lock.txt", VULNERABLE)], [], TODAY)
    assert status == 1
    assert any("jinja2 2.10: PYSEC-2019-217, CVE-2019-10906; fixed in 2.10.1" in line for line in lines)
    assert verdict([of_pip_audit("lock.txt", {"dependencies": VULNERABLE["dependencies"][:1]})], [], TODAY)[0] == 0


def test_an_exception_holds_until_its_date_and_while_it_is_of_use() -> None:
    audited = [of_pip_audit("lock.txt", VULNERABLE)]
    assert verdict(audited, [exception()], TODAY)[0] == 0
    status, lines = verdict(audited, [exception(until=date(2026, 11, 25))], TODAY)
    assert status == 1 and any("WHICH HAS PASSED" in line for line in lines)
    assert verdict(audited, [exception(package="polars")], TODAY)[0] == 1
    assert verdict(audited, [exception(until=date(2028, 1, 1))], TODAY)[0] == 1
    status, lines = verdict([Audited("lock.txt", 1, (), ())], [exception()], TODAY)
    assert status == 1 and any("of no use any more" in line for line in lines)


def test_a_package_that_got_no_answer_is_not_sound() -> None:
    report = {"dependencies": [{"name": "polars", "skip_reason": "Dependency not found on PyPI"}]}
    status, lines = verdict([of_pip_audit("lock.txt", report)], [], TODAY)
    assert status == 2 and any("1 packages were not audited" in line for line in lines)
    assert verdict([of_npm("web", 9, {"error": {"summary": ""}})], [], TODAY)[0] == 2
    assert verdict([of_npm("web", 9, {"vulnerabilities": {}})], [], TODAY)[0] == 0
    entry = {"d3-force": {"range": "<4", "via": [{"url": "https://github.com/advisories/GHSA-x"}, "d3"]}}
    (known,) = of_npm("web", 9, {"vulnerabilities": entry}).known
    assert (known.package, known.ids) == ("d3-force", ("GHSA-x",))


def test_the_exceptions_are_sound_and_a_wrong_file_is_a_sentence(tmp_path: Path) -> None:
    for entry in read_exceptions(EXCEPTIONS):
        assert entry.reason.endswith(".")
    wrong = tmp_path / "exceptions.toml"
    wrong.write_text(
        '[[exception]]\nid = "CVE-1"\npackage = "x"\nuntil = 2027-01-01\nreason = "no"\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"exceptions\.toml is wrong"):
        read_exceptions(wrong)


def test_every_lock_is_audited() -> None:
    names = {lock.name for lock in locks()}
    assert {"lock.txt", "runtime.txt", "api.txt", "bootstrap.txt", "spark.txt", "tools.txt", "bert.txt"} <= names


def test_pip_audit_reads_our_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real program over a real lock. No service answers at this address, so nothing may count as audited."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    found = audit_python(REPO / "requirements/bootstrap.txt", Path(tool("pip-audit")), "pypi")
    assert found.lock == "requirements/bootstrap.txt"
    assert len(found.unanswered) == found.packages and verdict([found], [], TODAY)[0] == 2
