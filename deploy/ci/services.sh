#!/usr/bin/env bash
# What the tests start beside Python, from Debian's or Ubuntu's packages: Postgres, Prometheus, Chromium, faketime, Java.
set -euo pipefail
sudo="$([ "$(id -u)" = 0 ] || echo sudo)"
# Ubuntu's chromium is a wrapper of snap: where Google's is installed it does.
browser="$(command -v chromium >/dev/null || command -v google-chrome >/dev/null || echo chromium)"
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends \
  postgresql prometheus faketime openjdk-17-jre-headless $browser >/dev/null
if ! command -v chromium >/dev/null; then $sudo ln -s "$(command -v google-chrome)" /usr/local/bin/chromium; fi
