#!/usr/bin/env bash
# Rewrites requirements/lock.txt from pyproject.toml: pins and hashes, no registry's address.
# Extra arguments go to uv (say `--upgrade-package dagster`, or `-c constraints.txt`).
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
  --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
  --output-file requirements/lock.txt "$@"
