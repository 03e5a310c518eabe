"""The graph diff, on the real definitions."""

import json
import re
import shutil
from pathlib import Path

import pytest

from deploy.graph_diff import NOTHING, Graph, compare, downstream, dump, graph, main
from trending_assets_tests.unit.deploy.dockerfiles import REPO


@pytest.fixture(scope="module")
def real() -> Graph:
    """The graph of this checkout."""
    found: Graph = json.loads(json.dumps(graph()))
    return found


def changed(before: Graph, name: str, **parts: object) -> Graph:
    """The graph with parts of an asset replaced."""
    return {**before, name: {**before[name], **parts}}


def test_the_same_graph_has_no_differences(real: Graph) -> None:
    assert compare(real, real) == NOTHING
    assert len(real) > 40
    trends = real["trends/trend_scores"]
    assert trends["code_version"] and trends["deps"]["features/title_day"] == "same partition"
    assert real["drift/baseline"]["deps"]["drift/profiles"] == "days -28 to +0"
    assert trends["checks"]["contract"] == "blocking" and trends["checks"]["no_missing_day"] == "not blocking"
    assert trends["columns"]["title_id"] == "String not null"
    assert real["staging/documents"]["automation"] == "follows its dependencies"


def test_changed_code_names_what_is_downstream(real: Graph) -> None:
    said = compare(real, changed(real, "trends/trend_scores", code_version="next"))
    assert f"- code version: `{real['trends/trend_scores']['code_version']}` → `next`" in said
    assert "1 changed" in said
    (row,) = [line for line in said.splitlines() if line.startswith("| `trends/trend_scores`")]
    below = re.findall(r"`([^`]+)`", row.split("|")[2])
    assert {"marts/trends", "serving/bundle"} <= set(below)
    assert below == downstream(real, "trends/trend_scores") and "features/title_day" not in below


def test_every_kind_of_change_is_said(real: Graph) -> None:
    bundle = real["serving/bundle"]
    head = {name: asset for name, asset in real.items() if name != "trends/alerts"}
    head["trends/hype"] = {**bundle, "deps": {"trends/trend_scores": "same partition"}, "columns": {}}
    head["marts/titles"] = {
        **head["marts/titles"],
        "columns": {**head["marts/titles"]["columns"], "colour": "String", "title_id": "Int64 not null"},
        "checks": {"contract": "not blocking"},
        "deps": {**head["marts/titles"]["deps"], "trends/hype": "same partition"},
        "automation": None,
        "partitions": None,
    }
    said = compare(real, head)
    assert "**1 assets added, 1 removed," in said
    for sentence in (
        "- added `trends/hype`: reads `trends/trend_scores`",
        "- **removed** `trends/alerts`, which",
        "column `colour` added (String)",
        "column `title_id`: String not null → Int64 not null",
        "check `contract`: blocking → not blocking",
        "check `no_missing_day` **removed**",
        "dependency `trends/hype` added (same partition)",
        "automation: `follows its dependencies` → `None`",
        "partitions: `Daily, starting 2013-01-01 UTC.` → `None`",
    ):
        assert sentence in said, sentence


def test_the_code_of_another_checkout_is_read(real: Graph, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for folder in ("trending_assets", "dbt_project", "sandbox"):
        shutil.copytree(REPO / folder, other / folder, ignore=shutil.ignore_patterns("__pycache__"))
    source = other / "trending_assets/linking/assets.py"
    text = source.read_text(encoding="utf-8")
    assert "code_version=" in text
    source.write_text(re.sub(r"code_version=[^,\n]+", 'code_version="another"', text, count=1), encoding="utf-8")
    dump(other, tmp_path / "other.json")
    said = compare(json.loads((tmp_path / "other.json").read_text(encoding="utf-8")), real)
    assert "code version: `another` →" in said and "0 assets added, 0 removed, 1 changed" in said


def test_bad_input_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--base-commit", "no-such-commit"]) == 2
    assert "no-such-commit cannot be checked out" in capsys.readouterr().err
    assert main(["--base", str(tmp_path / "none.json"), "--head", str(tmp_path / "none.json")]) == 2
    with pytest.raises(SystemExit):
        main([])
