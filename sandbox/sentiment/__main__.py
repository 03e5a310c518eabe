"""Trains a sentiment model: `python -m sandbox.sentiment train-linear|train-encoder --reviews F --out DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sandbox.sentiment.data import SentimentError, read_neutral, split_of


def main(argv: list[str] | None = None) -> int:
    """Command line. Exit 2 with one sentence on bad input."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.sentiment", description=__doc__)
    parser.add_argument("command", choices=("train-linear", "train-encoder"))
    parser.add_argument("--reviews", type=Path, required=True, help="Parquet with source, text, label (1 = positive)")
    parser.add_argument(
        "--titled", type=Path, help="Parquet of critics' snippets with text and fresh (fresh or rotten)"
    )
    parser.add_argument(
        "--neutral", type=Path, help="Parquet of titles with overview: texts without an opinion (linear)"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the model's files")
    parser.add_argument("--epochs", type=int, help="passes of the encoder over its near rows")
    parser.add_argument("--most", type=int, help="rows of each source that the encoder is trained on at most")
    args = parser.parse_args(argv)

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    try:
        if args.out.exists() and not args.out.is_dir():
            raise SentimentError(f"{args.out} is a file. Name a folder for --out.")
        if any(number is not None and number < 1 for number in (args.epochs, args.most)):
            raise SentimentError("--epochs and --most take numbers from 1.")
        split = split_of(args.reviews, args.titled)
        say(
            f"{len(split.train):,} rows to train on, {len(split.critics):,} critics' snippets, {len(split.long):,} others;"
        )
        say(f"{len(split.valid):,} to choose by, {len(split.test):,} left for the test.")
        if args.command == "train-linear":
            from sandbox.sentiment.fit import train_linear

            print(train_linear(split, read_neutral(args.neutral) if args.neutral else [], args.out, say))
        else:
            from sandbox.sentiment.finetune import train_encoder

            print(train_encoder(split, args.out, say, args.epochs, args.most))
    except SentimentError as error:
        print(f"sentiment: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
