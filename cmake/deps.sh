#!/bin/sh
# Installs the Debian 12 packages that are missing, or names them where it may not install.
#   cmake/deps.sh run      what the library and `sipring answer` are built from
#   cmake/deps.sh test     ... and what the rest of the command, tests, benchmarks and fuzzing need besides (the default)
#   cmake/deps.sh compare  ... and the peers that are measured beside ours
#   cmake/deps.sh all      ... and what formatting, lints, profiling and packaging need besides
# SPDX-License-Identifier: MIT
set -eu

run="g++ cmake ninja-build pkg-config ragel liburing-dev libmimalloc-dev libssl-dev libcli11-dev libfmt-dev
     nlohmann-json3-dev libspdlog-dev libtomlplusplus-dev"
test="libpcap-dev prometheus-cpp-dev libgtest-dev libgmock-dev libbenchmark-dev clang-19 libclang-rt-19-dev sip-tester sipsak
      valgrind ccache python3 python3-prometheus-client procps libwslay-dev dnsmasq-base unbound
      baresip-core linphone-cli curl openssl kamailio kamailio-tls-modules kamailio-websocket-modules"
compare="libosip2-dev libsofia-sip-ua-dev libre-dev"
all="clang-format clang-tidy-19 shellcheck linux-perf iproute2 dpkg-dev git"

case "${1:-test}" in
  run) wanted=$run ;;
  test) wanted="$run $test" ;;
  compare) wanted="$run $test $compare" ;;
  all) wanted="$run $test $compare $all" ;;
  *) echo "usage: $0 [run|test|compare|all]" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "Not a Debian: make sure that you have the equivalents of" $wanted
  exit 0
fi

missing=
for package in $wanted; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done

# JsSIP and SIP.js, for tests/blackbox/web_phones_test.py, which is skipped without them.
web="$(dirname "$0")/../tests/blackbox/web"
if [ "${1:-test}" != run ] && [ ! -d "$web/node_modules" ] && command -v npm >/dev/null; then
  npm ci --prefix "$web" --no-audit --no-fund --loglevel error || echo "No web phones: npm ci has failed" >&2
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  root="env"
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
  root="sudo"
else
  echo "Missing packages. As root: apt-get update && apt-get install -y --no-install-recommends$missing" >&2
  exit 1
fi

echo "Installing:$missing"
$root apt-get update -q
$root DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
