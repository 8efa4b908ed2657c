#!/usr/bin/env bash
# What an innocent service (hello, through wasmrunner) notices of a neighbour that misbehaves: requests/s, p50 and p99 without and
# with each offence, in one run on one machine. Every request has to be answered with 200.
#
#   integration-tests/bench/neighbour.sh [SECONDS] [ROUNDS]     needs: the built jar, wrk, curl; all traffic stays on loopback
set -euo pipefail
export LC_ALL=C
seconds=${1:-10} rounds=${2:-3} connections=${CONNECTIONS:-4}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in wrk curl java; do command -v "$tool" >/dev/null || { echo "neighbour.sh: $tool is missing" >&2; exit 1; }; done
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT

entry=http://127.0.0.1:15810
mkdir -p "$work/services"
cp -r "$root/services/hello" "$work/services/"
sed -i 's/"runners": 2/"runners": 1/; s/15001/15811/' "$work/services/hello/config/service.json"
port=15812
service() { # name, limits
  mkdir -p "$work/services/$1/config"
  cp "$root/integration-tests/fixtures/faulty/faulty.wasm" "$work/services/$1/$1.wasm"
  printf '{"prefix": "%s", "url": "http://127.0.0.1:%d", "limits": {"memory_mb": 16%s}, "required": false}\n' \
    "$1" "$port" "$2" >"$work/services/$1/config/service.json"
  port=$((port + 1))
}
for name in loop flood fill sockets trap; do service "$name" ""; done
service share ', "cpu_share": 0.25'
(cd "$work" && exec "$root/scripts/wasmrunner" --port 15810 --log-level error >"$work/log" 2>&1) &
pids+=("$!")
for _ in $(seq 300); do curl -sf "$entry/hello/hello" >/dev/null && break; sleep 0.1; done

offend() { # url: again and again, until killed
  while :; do
    curl -s -m 5 -o "$work/answer" "$entry$1" || true
    sleep 0.1
  done
}

measure() { # name
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$entry/hello/hello" >"$work/wrk"
  printf '%-22s %9s req/s  p50 %8s  p99 %8s%s\n' "$1" "$(awk '/Requests\/sec/ {print $2}' "$work/wrk")" \
    "$(awk '$1=="50%" {print $2}' "$work/wrk")" "$(awk '$1=="99%" {print $2}' "$work/wrk")" \
    "$(awk '/Non-2xx|Socket errors/ {print "  ERRORS " $0}' "$work/wrk")"
}

beside() { # name, url
  offend "$2" &
  local offender=$!
  pids+=("$offender")
  sleep 1
  measure "$1"
  kill "$offender" && wait "$offender" 2>/dev/null || true
}

echo "machine: $(nproc) processors, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1); $(java -version 2>&1 | head -1); $connections connections"
echo "warming up, 30 s"
wrk -t1 -c"$connections" -d30s "$entry/hello/hello" >/dev/null
for _ in $(seq "$rounds"); do
  measure alone
  beside "endless loop" /loop/loop
  beside "loop, cpu_share 0.25" /share/loop
  beside "log flood" /flood/flood
  beside "memory filled" /fill/fill
  beside "sockets opened" /sockets/sockets
  beside "trap after trap" /trap/trap
done
