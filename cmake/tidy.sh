#!/usr/bin/env bash
# clang-tidy over the library and the command, two at a time: cmake/tidy.sh BUILD CHECKS
# Most of what it does for a source it does for the standard library, so several folders are given to it as one source. Where two of
# them name different things alike, each is looked at by itself.
# SPDX-License-Identifier: MIT
set -u
export build=$1 checks=$2

# Folders that go together; any other goes alone.
groups="core core_detail core_dialog core_outbound core_routing core_sending core_transaction
core_dns core_dns_detail core_message_body core_message_detail core_sdp core_sdp_attribute core_sdp_detail
core_overload core_shard core_stream core_stream_detail pools
core_auth core_connection core_metrics
io_udp io_post io_detail io_names
io io_stream io_tls io_tls_detail
apps_sipring_log apps_sipring_metrics apps_sipring_names apps_sipring_agent apps_sipring_answer_stateless
apps_sipring_check apps_sipring_check_capture apps_sipring_check_typed"

tidy() {  # tidy SOURCE OPTION...
  clang-tidy-19 -p "$build" --quiet --checks="$checks" "$@"
}

tidy_together() {  # tidy_together SOURCE...
  local together source result=0
  if [ $# -gt 1 ]; then
    together=$(dirname "$1")/together_$(basename "$1")
    for source in "$@"; do echo "#include \"$(basename "$source")\""; done >"$together"
    # What one folder names may be a name within a function of another: the build warns of what shadows.
    tidy "$together" --extra-arg=-Wno-shadow >"$together.log" 2>&1 && return
    echo "one by one, since not all is well with them together: $*"
  fi
  for source in "$@"; do tidy "$source" || result=1; done
  return $result
}
export -f tidy tidy_together

rest=$(cmake/units.sh "$build" | grep -v /together_)
{
  while read -r group; do
    members=$(for folder in $group; do echo "$rest" | grep "/unity_${folder}_cxx.cxx$"; done)
    rest=$(echo "$rest" | grep -vxF "$members")
    echo $members  # on one line
  done <<<"$groups"
  echo "$rest"
} | xargs -P2 -I{} bash -c 'tidy_together {}'
