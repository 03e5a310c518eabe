"""Dagster's view of lake.py and contracts: frames in, checked partitions out."""

from datetime import date

import dagster as dg
import polars as pl

from trending_assets.contracts import TABLES, conform, validate
from trending_assets.lake import Lake, open_lake
from trending_assets.partitions import to_days
from trending_assets.retries import readable

RANGE_ROWS = "rows of the whole range"
"""Metadata of a run over several days: Dagster shows one entry for all its partitions."""


class LakeResource(dg.ConfigurableResource[Lake]):
    """The lake of this deployment; `uri` is a folder or s3://bucket/prefix."""

    uri: str

    def open(self) -> Lake:
        """Open the lake. Raises PermanentFailure where it is refused, TransientFailure where it is away."""
        return open_lake(self.uri)


class LakeIOManager(dg.ConfigurableIOManager):
    """Writes one object a partition and reads a range of days as one frame with the column `date`.

    A run over several partitions returns one frame with the column `date`; every partition of the run is written, a day
    without rows as an empty one. A frame that breaks its contract is refused before anything is written.
    """

    lake: LakeResource

    @readable
    def handle_output(self, context: dg.OutputContext, obj: pl.DataFrame) -> None:
        name = context.asset_key.to_user_string()
        table, lake = TABLES[name], self.lake.open()
        days: list[date | None] = [*to_days(context.asset_partition_keys)] if context.has_asset_partitions else [None]
        if len(days) > 1 and "date" not in obj.columns:
            raise dg.Failure(f"{name} returned {len(days)} days without the column date.", allow_retries=False)
        parts = {day: obj.filter(pl.col("date") == day) if "date" in obj.columns and day else obj for day in days}
        for day, part in parts.items():
            try:
                problems = validate(conform(part, table), table)
            except ValueError as error:
                problems = [str(error)]
            if problems:
                where = f"{name} of {day}" if day else name
                raise dg.Failure(f"{where} breaks its contract: {'; '.join(problems)}.", allow_retries=False)
        for day, part in parts.items():
            lake.write(name, part, day)
        rows = sum(part.height for part in parts.values())
        label = RANGE_ROWS if len(days) > 1 else "dagster/partition_row_count" if table.daily else "dagster/row_count"
        context.add_output_metadata({label: rows, "dagster/uri": lake.location(name, days[-1])})

    @readable
    def load_input(self, context: dg.InputContext) -> pl.DataFrame:
        name = context.asset_key.to_user_string()
        asked = context.definition_metadata or {}
        missing = "skip" if asked.get("missing") == "skip" else "error"
        days = to_days(context.asset_partition_keys) if context.has_asset_partitions else None
        return self.lake.open().read(name, days, asked.get("columns"), missing)  # type: ignore[arg-type]
