#!/usr/bin/env bash
# Rewrites the locks: pins and hashes, no registry's address. Extra arguments go to uv (say `--upgrade-package dagster`).
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { # output, inputs and options
  local output="$1"
  shift
  .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
    --no-emit-index-url --no-emit-find-links --output-file "$output" "$@"
}
compile requirements/lock.txt pyproject.toml --group dev "$@"
compile requirements/spark.txt requirements/spark.in -c requirements/lock.txt "$@"
compile requirements/tools.txt requirements/tools.in "$@"
