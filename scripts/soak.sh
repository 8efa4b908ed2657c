#!/usr/bin/env bash
# The long forms of tests that have a short one in every build: rolling reloads under load, killed runners, the heap under
# mixed traffic with faults, module and host fuzzing.
# Usage: soak.sh [reloads|kills|heap|fuzz]...   (default: reloads and kills; about 15 minutes. heap: one hour, or MINUTES)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
[ $# -gt 0 ] || set -- reloads kills

run() { # module, tests, properties
  local module=$1 tests=$2
  shift 2
  mvn -B -ntp -pl "$module" -am verify "-Dtest=$tests" -Dsurefire.failIfNoSpecifiedTests=false "$@"
}

for what in "$@"; do
  case "$what" in
    reloads) run integration-tests ReloadsTest -Dit.reloads="${RELOADS:-50}" ;;
    kills) run integration-tests CrashesTest -Dit.kill.seconds="${SECONDS_OF_KILLS:-300}" ;;
    heap) run integration-tests HeapTest -Dit.heap.minutes="${MINUTES:-60}" ;;
    fuzz) run wasmrunner-wasi '*FuzzTest' -Dwasi.fuzz.cases="${CASES:-100000}" ;;
    *)
      echo "soak.sh: unknown: $what. Fix: reloads, kills, heap or fuzz" >&2
      exit 2
      ;;
  esac
done
