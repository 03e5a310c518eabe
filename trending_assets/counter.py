"""How far a command is, for a person."""

import sys


def counter(done: int, total: int) -> None:
    """A counter on a terminal, a line each tenth elsewhere."""
    if sys.stderr.isatty():
        print(f"\r  {done:,} of {total:,}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
    elif done >= total or done % max(total // 10, 1) == 0:
        print(f"  {done:,} of {total:,}", file=sys.stderr)
