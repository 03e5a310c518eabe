"""What the backtest reads of the lake, in one place."""

SIGNALS = "features/title_signals"
"""Table of date, title_id, authors: one row a title that was named on the day."""
VOICES = "features/voices"
"""Table of date, title_id, voice_id: who wrote, for the ceiling that one half of them sets the other."""
SCORES = "trends/trend_scores"
JUDGED = ("title_id", "score", "rising_score", "expected", "expected_low", "expected_high")
"""Columns of SCORES that are judged, beside the date."""
