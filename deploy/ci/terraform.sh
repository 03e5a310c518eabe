#!/usr/bin/env bash
# Every folder of Terraform: formatted, valid, its tests pass (with mock providers, no account), checkov finds nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
terraform fmt -check -recursive terraform
for folder in terraform/modules/* terraform/environments/* terraform/bootstrap; do
  [ -n "$(find "$folder" -maxdepth 1 -name '*.tf' -print -quit)" ] || continue
  echo "$folder"
  terraform -chdir="$folder" init -backend=false -input=false -no-color >/dev/null
  terraform -chdir="$folder" validate -no-color
  if [ -d "$folder/tests" ]; then terraform -chdir="$folder" test -no-color; fi
done
.venv/tools/bin/checkov --directory terraform --framework terraform --compact --quiet --skip-download
