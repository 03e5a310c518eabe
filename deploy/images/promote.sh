#!/usr/bin/env bash
# Copies an image from one registry to another with its digest, its SBOM and its provenance, after its attestation was checked.
#   deploy/images/promote.sh SOURCE_REPOSITORY DIGEST TARGET_REPOSITORY TAG ORG/REPO
set -euo pipefail
source="$1" digest="$2" target="$3" tag="$4" repository="$5"
[[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "A digest is sha256: and 64 hexadecimal digits, not '$digest'." >&2; exit 2; }
if docker buildx imagetools inspect "$target@$digest" >/dev/null 2>&1; then
  echo "$target@$digest is there already."
  exit 0
fi
gh attestation verify "oci://$source@$digest" --repo "$repository" --signer-workflow "$repository/.github/workflows/main.yml"
# The manifest as it is: another one would have another digest.
docker buildx imagetools create --prefer-index=false --tag "$target:$tag" "$source@$digest"
copied="$(docker buildx imagetools inspect "$target:$tag" --format '{{.Manifest.Digest}}')"
[ "$copied" = "$digest" ] || { echo "The copy is $copied, not $digest." >&2; exit 1; }
echo "$target@$digest"
