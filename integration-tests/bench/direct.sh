#!/usr/bin/env bash
# Guests called directly, past the proxy: the C service hello next to a native build of the same source, and the hyper service
# customer_bff, on each Java of JAVAS. Requests/s, latencies, and CPU per request of the whole process, in one run on one machine.
#
#   integration-tests/bench/direct.sh [SECONDS] [ROUNDS]     needs: the built jar, gcc, wrk, curl, jq; all traffic stays on loopback
#   JAVAS="JAVA..." (default: java), CONNECTIONS=32, WARM_UP=30; WASMEDGE=PROGRAM measures both services under WasmEdge as well.
set -euo pipefail
export LC_ALL=C
seconds=${1:-6} rounds=${2:-3} connections=${CONNECTIONS:-32} warm_up=${WARM_UP:-30}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in gcc wrk curl jq; do command -v "$tool" >/dev/null || { echo "direct.sh: $tool is missing" >&2; exit 1; }; done
work=$(mktemp -d)
ticks=$(getconf CLK_TCK)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

gcc -std=gnu17 -O2 -Wno-attributes -I"$root/integration-tests/bench/native" -I"$root/services/c-http/src" -o "$work/native" \
  "$root"/services/c-http/src/*.c "$root"/services/hello/src/*.c "$root/integration-tests/bench/native/posix.c"
WR_RUNNER_PORT=15830 "$work/native" >"$work/native.log" 2>&1 &
native=$!
pids+=("$native")

service() { # name, module, port, further keys
  mkdir -p "$work/services/$1/config"
  cp "$root/services/$2/$2.wasm" "$work/services/$1/$1.wasm"
  printf '{"prefix": "%s", "url": "http://127.0.0.1:%d", "runners": 1, "memory_limit_mb": 64%s}\n' "$1" "$3" "$4" \
    >"$work/services/$1/config/service.json"
}
services=2
service hello hello 15831 ""
service customer_bff customer_bff 15832 ""
if [ -n "${WASMEDGE:-}" ]; then
  services=4
  launcher=", \"launcher\": {\"name\": \"wasmedge\", \"executable\": \"$WASMEDGE\"}"
  service hello_wasmedge hello 15833 "$launcher"
  service customer_bff_wasmedge customer_bff 15834 "$launcher"
fi

state() { curl -sf http://127.0.0.1:15829/__runner__/api/v1/services 2>/dev/null; }
fast() { # no runner is interpreted
  state | jq --argjson services "$services" '[.services[].runners[] | .state == "READY" and (.code == "compiled" or .code == "native")]
    | length == $services and all' | grep -q true # jq -e says yes to no input
}
start() { # java
  (cd "$work" && WASMRUNNER_JAVA=$1 exec "$root/scripts/wasmrunner" --port 15829 --data-dir "$work/data" --log-level warn >"$work/log" 2>&1) &
  jvm=$!
  pids+=("$jvm")
  for _ in $(seq 1200); do
    fast && return
    sleep 0.1
  done
  echo "direct.sh: services do not get fast" >&2
  cat "$work/log" >&2
  exit 1
}
stop() {
  kill "$jvm"
  wait "$jvm" || true
}

cpu() { # CPU ticks of a process
  sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'
}
measure() { # name, url, pid
  local before after
  before=$(cpu "$3")
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$2" >"$work/wrk"
  after=$(cpu "$3")
  printf '%-22s %9s req/s  p50 %8s  p99 %8s  %7.1f us CPU/request%s\n' "$1" \
    "$(awk '/Requests\/sec/ {print $2}' "$work/wrk")" "$(awk '$1=="50%" {print $2}' "$work/wrk")" "$(awk '$1=="99%" {print $2}' "$work/wrk")" \
    "$(awk -v t=$((after - before)) -v hz="$ticks" '/requests in/ {print t / hz * 1e6 / $1}' "$work/wrk")" \
    "$(awk '/Non-2xx|Socket errors/ {print "  ERRORS " $0}' "$work/wrk")"
}
child() { pgrep -P "$jvm" -f "WR_RUNNER_PORT=$1"; }
warm() { wrk -t1 -c"$connections" -d"${warm_up}s" "$1" >/dev/null; }

echo "machine: $(nproc) processors, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg);" \
  "$(gcc --version | head -1); $connections connections"
for java in ${JAVAS:-java}; do
  start "$java"
  echo "$("$java" -version 2>&1 | head -1); warming up, $warm_up s, the hyper guest twice"
  warm http://127.0.0.1:15831/hello
  for _ in $(seq "$rounds"); do
    measure "native C" http://127.0.0.1:15830/hello "$native"
    measure "C guest" http://127.0.0.1:15831/hello "$jvm"
    [ -z "${WASMEDGE:-}" ] || measure "C, WasmEdge" http://127.0.0.1:15833/hello "$(child 15833)"
  done
  warm http://127.0.0.1:15832/health # longer: the JIT takes its time over hyper's largest functions, and is counted
  warm http://127.0.0.1:15832/health
  for _ in $(seq "$rounds"); do
    measure "hyper guest" http://127.0.0.1:15832/health "$jvm"
    [ -z "${WASMEDGE:-}" ] || measure "hyper, WasmEdge" http://127.0.0.1:15834/health "$(child 15834)"
  done
  stop
done
