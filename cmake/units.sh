#!/usr/bin/env bash
# What the compiler is given of the library and the command in the build tree BUILD: each folder's sources as one, and
# each source that stays apart (sipring_unity).
#   cmake/units.sh BUILD
# SPDX-License-Identifier: MIT
set -eu
units=$(find "$1"/core "$1"/io "$1"/apps -path '*/Unity/*.cxx')
echo "$units"
git ls-files 'core/*.cpp' 'io/*.cpp' 'apps/*.cpp' | while read -r source; do
  # shellcheck disable=SC2086  # a list of files
  grep -qs "/$source\"" $units || echo "$source"
done
