"""How much of the alert rules their tests hold: `python -m bench.alert_mutants` (five minutes).

One rule at a time is changed, and promtool runs the rule's tests: they have to fail. Changes: the alert never or always fires,
waits no time or a month, has the other severity, a number is ten times as large or small, or one of the conditions joined by
`and` is left out.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "monitoring" / "prometheus"
FILES = ("pipeline", "model-and-data", "service")
Rule = dict[str, Any]


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """What was changed, and the changed rule."""
    expression = rule["expr"]
    yield "never fires", rule | {"expr": "vector(0) > 1"}
    yield "always fires", rule | {"expr": "vector(1)"}
    if "for" in rule:
        yield "does not wait", rule | {"for": "0s"}
    yield "waits a month", rule | {"for": "30d"}
    other = {"page": "ticket", "ticket": "page"}[rule["labels"]["severity"]]
    yield f"severity {other}", rule | {"labels": {"severity": other}}
    for number in re.finditer(r"(?<![\w:.])\d+\.?\d*(?![\w.\]])", expression):
        value = float(number[0])
        for changed in (value * 10, value / 10) if value else (1e12, -1.0):
            text = expression[: number.start()] + repr(changed) + expression[number.end() :]
            yield f"{number[0]} becomes {changed:g}", rule | {"expr": text}
    for condition in re.split(r"\band\b(?! on)", expression)[1:]:
        yield f"without and{condition.rstrip()}", rule | {"expr": expression.replace("and" + condition, "")}


def survivors(file: str, folder: Path) -> tuple[int, list[str]]:
    """How many mutants a file of rules has, and those that its tests do not notice."""
    shutil.copytree(FOLDER / "rules", folder / "rules")
    (folder / "tests").mkdir()
    rules = yaml.safe_load((FOLDER / "rules" / f"{file}.yml").read_text())
    tests = yaml.safe_load((FOLDER / "tests" / f"{file}.yml").read_text())
    count, alive = 0, list[str]()
    for place, rule in enumerate(rules["groups"][0]["rules"]):
        own = [group for group in tests["tests"] if group["name"] in (rule["alert"], "no data")]
        test = folder / "tests" / f"{file}.yml"
        test.write_text(yaml.safe_dump(tests | {"tests": own}))
        for what, changed in mutants(rule):
            rules["groups"][0]["rules"][place] = changed
            (folder / "rules" / f"{file}.yml").write_text(yaml.safe_dump(rules))
            ran = subprocess.run(["promtool", "test", "rules", str(test)], capture_output=True, check=False)
            count += 1
            if ran.returncode == 0:
                alive.append(f"{rule['alert']} {what}")
        rules["groups"][0]["rules"][place] = rule
    return count, alive


def main() -> int:
    if shutil.which("promtool") is None:
        print("There is no promtool on this machine (Debian's package prometheus has one): left out.")
        return 0
    total, unnoticed = 0, list[str]()
    for file in FILES:
        with tempfile.TemporaryDirectory() as folder:
            count, alive = survivors(file, Path(folder))
        total, unnoticed = total + count, unnoticed + alive
    print(f"{total} changed rules, {total - len(unnoticed)} noticed by promtool test rules.")
    print("\n".join(unnoticed))
    return 1 if unnoticed else 0


if __name__ == "__main__":
    raise SystemExit(main())
