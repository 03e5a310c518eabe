"""docs/lineage.md is what the graph says."""

from pathlib import Path

from trending_assets import lineage
from trending_assets.partitions import EVIDENCE_DAYS, HISTORY_DAYS, PAST_DAYS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "lineage.md"


def test_the_page_is_what_the_graph_says() -> None:
    assert PAGE.read_text() == lineage.markdown(), "run `make docs`"


def test_windows_and_readers_are_told() -> None:
    of = lineage.reads()
    assert lineage.Read("staging/documents", "the day") in of["linking/mentions"]
    assert (
        lineage.Read("scoring/document_scores", f"the day and {EVIDENCE_DAYS - 1} before")
        in of["scoring/title_digests"]
    )
    assert lineage.Read("features/title_signals", f"the day and {HISTORY_DAYS - 1} before") in of["trends/alerts"]
    assert lineage.Read("features/voices", f"the day and {PAST_DAYS} before") in of["features/title_signals"]
    assert "serving/bundle" in lineage.readers(of)["marts/trends"]


def test_a_picture_has_every_table_of_its_stage_and_every_edge_into_it() -> None:
    of = lineage.reads()
    for stage in lineage.STAGES:
        drawn = list(lineage.diagram(stage, of))
        inside = [name for name in of if name.startswith(f"{stage}/")]
        assert inside and sum("[" in line and "([" not in line for line in drawn) == len(inside)
        assert sum("->" in line for line in drawn) == sum(len(of[name]) for name in inside)
