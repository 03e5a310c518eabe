"""Tables of what documents and charts are about."""

from trending_assets.contracts.columns import DOC_ID, TEXT, col, null, share
from trending_assets.contracts.staging import CHARTS
from trending_assets.contracts.table import Table

TABLES: tuple[Table, ...] = (
    Table(
        "linking/mentions",
        "Documents linked to titles. A document that names no title surely keeps one row with a null title_id.",
        ("doc_id", "title_id"),
        (
            DOC_ID,
            null("title_id", TEXT, "linked title; null: left unlinked"),
            share("confidence", "how sure the link is; 0 for unlinked"),
            col(
                "method",
                TEXT,
                "evidence that decided: declared, exact, normalised; ambiguous or none for unlinked",
            ),
            null("surface", TEXT, "words of the document that were matched"),
        ),
    ),
    Table(
        "linking/chart_entries",
        "Chart entries linked to titles by the same code. An unsure entry keeps its row with a null title_id.",
        ("chart", "rank"),
        (
            *CHARTS.carried("chart", "chart_date", "rank"),
            null("title_id", TEXT, "linked title"),
            share("confidence", "how sure the link is; 0 for unlinked"),
            col("method", TEXT, "evidence that decided"),
        ),
    ),
)
