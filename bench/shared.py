"""Where the real data lies, and which of its days may be looked at."""

import os
from datetime import date
from pathlib import Path

SHARED = Path(os.environ.get("TRENDING_SHARED", Path(__file__).resolve().parents[2] / "shared"))
TUNING_ENDS = date(2013, 5, 29)
"""Later days of spring-2013 are the test days of the ranking: nothing is chosen on them."""
TUNING = date(2013, 4, 4), TUNING_ENDS
TEST = date(2013, 5, 30), date(2013, 7, 6)
"""First and last day that baselines are tuned on, and that rankings are judged on."""
