#!/usr/bin/env bash
# What the tests start beside Python, from Debian's or Ubuntu's packages; what is there already is left as it is.
set -euo pipefail
PATH="$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')"
if ! command -v chromium >/dev/null && command -v google-chrome >/dev/null; then
  # Ubuntu's chromium is a wrapper of snap: Google's does.
  sudo ln -s "$(command -v google-chrome)" /usr/local/bin/chromium
fi
wanted=()
need() { command -v "$1" >/dev/null 2>&1 || wanted+=("$2"); } # command, package
need make make
need chromium chromium
need postgres postgresql
need prometheus prometheus
need faketime faketime
need java openjdk-17-jre-headless
[ ${#wanted[@]} -gt 0 ] || exit 0
echo "Installing ${wanted[*]}."
sudo="$([ "$(id -u)" = 0 ] || echo sudo)"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
