#!/usr/bin/env bash
# Time from the command to the first proxied 200 of hello, and to every service of this checkout ready: with an empty cache, and
# after `kill -9` with a filled cache and the archive of a start, which the first orderly stop leaves.
#
#   integration-tests/bench/start.sh [RUNS]     needs: the built jar, curl, jq; uses the services' own ports
set -euo pipefail
export LC_ALL=C
runs=${1:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
now() { date +%s%3N; }
exec {never}<> <(:)
pause() { read -r -t "$1" -u "$never" || true; } # a process less than sleep: whatever asks takes a processor from the start
answers() { # path: whether it is 200
  local line
  { exec 3<>/dev/tcp/127.0.0.1/14000; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
  IFS= read -r -t 5 line <&3 || true
  exec 3>&-
  [[ "$line" == "HTTP/1.1 200"* ]]
}

once() { # data folder
  local begun first="" all="" pid
  begun=$(now)
  (cd "$work" && exec "$root/scripts/wasmrunner" --services "$root/services" --data-dir "$1" --log-level warn >"$work/log" 2>&1) &
  pid=$!
  pause 0.5
  for _ in $(seq 3000); do
    if [ -z "$first" ] && answers /hello/hello; then first=$(($(now) - begun)); fi
    if [ -n "$first" ] && answers /ready; then
      all=$(($(now) - begun))
      break
    fi
    pause 0.02
  done
  printf '%s %s %s\n' "$first" "$all" "$(awk '/VmRSS/ {print int($2/1024)}' "/proc/$pid/status")"
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
}

fill() { # data folder: run until every module is compiled
  local pid
  (cd "$work" && exec "$root/scripts/wasmrunner" --services "$root/services" --data-dir "$1" --log-level warn >"$work/log" 2>&1) &
  pid=$!
  for _ in $(seq 1200); do
    sleep 0.1
    curl -sf http://127.0.0.1:14000/__runner__/api/v1/services 2>/dev/null \
      | jq '.services | length > 0 and all(.state == "READY" and (.runners | length > 0 and all(.code == "compiled")))' | grep -q true && break
  done
  kill "$pid"
  wait "$pid" || true
}

echo "machine: $(nproc) processors; $(java -version 2>&1 | head -1)"
echo "ms to the first proxied 200 of hello, ms to every service ready, MiB resident then"
for run in $(seq "$runs"); do echo "cold: $(once "$work/cold-$run")"; done
fill "$work/warm"
for _ in $(seq "$runs"); do echo "warm: $(once "$work/warm")"; done
