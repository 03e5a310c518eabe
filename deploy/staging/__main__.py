"""`python -m deploy.staging`, which `make staging` calls: the whole system on this machine, three days, with faults."""

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from deploy.staging.display import Display, summary
from deploy.staging.drive import Plan, newest_days, stage
from deploy.staging.faults import FAULTS
from deploy.staging.system import lacking
from trending_assets.failures import TrendingError
from trending_assets.interrupts import interruptible


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 where everything is as it should be, 1 with what is not, 130 on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m deploy.staging", description=__doc__)
    parser.add_argument("--days", type=int, default=3, help="how many of the last days to work (default 3)")
    parser.add_argument(
        "--faults",
        default=",".join(FAULTS),
        help=f"what to kill, one a day, from the first day on (default {','.join(FAULTS)}); none: nothing",
    )
    parser.add_argument("--keep", action="store_true", help="keep logs and data, and say where they are")
    asked = parser.parse_args(arguments)
    faults = [] if asked.faults == "none" else asked.faults.split(",")
    if asked.days < max(1, len(faults)):
        parser.error(f"{len(faults)} faults need as many days.")
    if unknown := [name for name in faults if name not in FAULTS]:
        parser.error(f"no such fault: {', '.join(unknown)}. There are {', '.join(FAULTS)}.")
    if why := lacking():
        print(f"staging: {why}.", file=sys.stderr)
        return 1
    interruptible()
    folder = Path(tempfile.mkdtemp(prefix="staging-"))
    keep = asked.keep
    try:
        with Display() as display:
            plan = Plan(newest_days(asked.days, datetime.now(UTC)), dict(enumerate(faults)))
            outcome = stage(plan, folder, display)
        display.console.print()
        display.console.print(summary(outcome))
        display.console.print()
        for sentence in outcome.wrong:
            print(f"staging: {sentence}", file=sys.stderr)
        keep = keep or bool(outcome.wrong)
        if not outcome.wrong:
            print("Everything is as it should be.")
        return 1 if outcome.wrong else 0
    except KeyboardInterrupt:
        print("\nstaging: stopped.", file=sys.stderr)
        return 130
    except TrendingError as error:
        keep = True
        print(f"staging: {error}", file=sys.stderr)
        return 1
    finally:
        if keep:
            print(f"Logs and data are in {folder}.")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
