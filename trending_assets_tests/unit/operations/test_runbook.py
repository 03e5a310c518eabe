"""The runbook: every command of it runs, or is one that the command line takes; every alert has its entry."""

import re
import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bench import cost
from bench.made_lake import publish_made
from bench.made_marts import Made
from trending_assets.cli import app
from trending_assets.contracts import TABLES, empty
from trending_assets.lake import Lake
from trending_assets_tests.unit.genre.promoted import promote
from trending_assets_tests.unit.genre.test_registry import model
from trending_assets_tests.unit.operations.test_restore import moment, versioned

REPO = Path(__file__).resolve().parents[3]
PAGE = (REPO / "docs" / "runbook.md").read_text()
BLOCKS = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = list(dict.fromkeys(line for block in BLOCKS for line in block.splitlines()))
ALERTS = {
    rule["alert"]
    for file in (REPO / "monitoring" / "prometheus" / "rules").glob("*.yml")
    for group in yaml.safe_load(file.read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
}
PARSED = ("trending run ",)
"""Too long to run here: the tests of the whole graph do."""
EXIT_1 = {"trending status": "missing:"}
"""What ends with 1 on this lake, and rightly: it has no table but those of these tests."""
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def place(s3_url: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lake, dict[str, str]]]:
    """A lake with a published day, two models and a table in two generations; what the page's variables stand for."""
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("runbook")
    for name, value in s3_url.items():
        patch.setenv(name, value)
    home = folder / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    patch.setenv("DAGSTER_HOME", str(home))
    patch.chdir(folder)
    lake = versioned("runbook")
    for table in ("raw/posts", "marts/trends"):
        lake.write(table, empty(TABLES[table]), DAY)
    publish_made(lake, Made(20, 20, seed=1), [DAY])
    for through in (DAY - timedelta(days=2), DAY - timedelta(days=1)):
        promote(lake, model(through))
    to = moment()
    lake.store.put(lake.key("marts/trends", DAY), b"nonsense")
    publish_made(lake, Made(20, 20, seed=2), [DAY])
    stands_for = {
        "LAKE": lake.uri,
        "DAY": str(DAY),
        "FIRST": str(DAY - timedelta(days=30)),
        "TIME": to.isoformat(),
        "VERSION": "1",
    }
    yield lake, stands_for
    patch.undo()


def words(line: str, stands_for: dict[str, str]) -> list[str]:
    return shlex.split(re.sub(r"\$([A-Z]+)", lambda match: stands_for[str(match[1])], line))


def takes(line: str) -> bool:
    """Whether the command line knows the command and its options: it reads all of them before it shows its help."""
    arguments = shlex.split(re.sub(r"\$[A-Z]+", "x", line))[1:]
    return CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


def test_the_page_has_commands_and_only_of_ours() -> None:
    assert len(COMMANDS) > 20
    assert all(line.startswith(("trending ", "python -m ")) for line in COMMANDS)


@pytest.mark.parametrize("line", [line for line in COMMANDS if line.startswith("trending ")])
def test_the_command_line_takes_it(line: str) -> None:
    assert takes(line)


@pytest.mark.parametrize("line", ["trending lake restore --lake $LAKE --until x", "trending lake mend --lake $LAKE"])
def test_a_command_that_there_is_not_is_noticed(line: str) -> None:
    assert not takes(line)


@pytest.mark.s3
def test_the_commands_run(place: tuple[Lake, dict[str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the page's order, on one lake, as an operator would who has read it from top to bottom."""
    monkeypatch.setenv("TRENDING_STATE_DIR", str(tmp_path / "state"))
    lake, stands_for = place
    ran = [line for line in COMMANDS if line.startswith("trending ") and not line.startswith(PARSED)]
    for line in ran:
        done = CliRunner().invoke(app, words(line, stands_for)[1:])
        said = f"{line}\n{done.output}\n{done.exception!r}"
        expected = next((words for start, words in EXIT_1.items() if line.startswith(start)), None)
        assert done.exit_code == (0 if expected is None else 1), said
        assert expected is None or expected in done.output, said
        if line.startswith("trending keys add"):
            stands_for["KEY"] = re.findall(r"\b[0-9a-f]{8}\b", done.output)[0]
    assert lake.read("marts/trends", [DAY]).is_empty(), "what was nonsense is as it was"
    assert len(ran) > 20


def test_the_cost_sheet_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "python -m bench.cost" in COMMANDS
    monkeypatch.setattr("sys.argv", ["cost"])
    cost.main()
    assert "**total**" in capsys.readouterr().out


def test_every_alert_has_an_entry_and_every_alert_that_is_named_exists() -> None:
    table = dict(re.findall(r"^\| (\w+) \| (\[.*?) \|$", PAGE, re.MULTILINE))
    assert set(table) == ALERTS and len(ALERTS) > 20
    entries = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^##+ (.*)$", PAGE, re.MULTILINE)
    }
    anchors = set(re.findall(r"\]\(#([^)]*)\)", PAGE))
    assert anchors <= entries, anchors - entries
    like = r"\b(?:Day|Exporter|Lake|Daemon|Runs?|Quarantine|Budget|Calls|Drift|Model|Api|Bundle)[A-Z]\w+"
    assert set(re.findall(like, PAGE)) == ALERTS


def test_every_entry_says_how_it_is_over() -> None:
    for title, text in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL):
        if title not in ("Alerts and entries", "Clearing away"):
            assert ("**Over**" in text and "**Do**" in text) or title == "Rotating a secret", title


def test_cloudwatch_alarms_that_are_named_exist() -> None:
    known = set(re.findall(r"`([a-z-]+)`", (REPO / "docs" / "cloudwatch.md").read_text()))
    named = [
        name for said in re.findall(r"in CloudWatch (`[^.;]*`)", PAGE) for name in re.findall(r"`([a-z-]+)`", said)
    ]
    assert named and set(named) <= known
