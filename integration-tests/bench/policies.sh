#!/usr/bin/env bash
# What policies cost: the proxy in front of an nginx that answers 128 bytes, POST with 1 KB of JSON, without policies and with contract,
# rate limit and API key, in turn, in one process. Prints requests/s, CPU per request and the ratio of both (goal: at least 0.75). Fails
# when a single answer is not 2xx: a refusal costs less than what is measured here.
#
#   integration-tests/bench/policies.sh [SECONDS] [ROUNDS]   needs: the built jar and proxy test classes (mvn package), wrk, nginx, curl; loopback only.
#   CONNECTIONS=64, LOOPS=1, WARM_UP=20, JAVA_OPTIONS and CLASSES (before the jar) can be set.
set -euo pipefail
export LC_ALL=C
seconds=${1:-6} rounds=${2:-4} connections=${CONNECTIONS:-64} loops=${LOOPS:-1} warm_up=${WARM_UP:-20}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jar=$root/wasmrunner-launcher/target/wasmrunner-launcher.jar
classes=${CLASSES:-$root/wasmrunner-proxy/target/test-classes}
for module in proxy bus api; do classes=$classes:$root/wasmrunner-$module/target/classes; done # newer than the jar, if it is old
for tool in wrk nginx curl java; do command -v "$tool" >/dev/null || { echo "policies.sh: $tool is missing" >&2; exit 1; }; done
[ -r "$jar" ] || { echo "policies.sh: $jar is missing; run mvn package" >&2; exit 1; }
work=$(mktemp -d)
ticks=$(getconf CLK_TCK)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT

cat >"$work/nginx.conf" <<END
worker_processes 1;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 2048; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:15821; location / { return 200 '$(printf 'x%.0s' $(seq 128))'; } }
}
END
nginx -c "$work/nginx.conf" -p "$work" -g 'daemon off;' 2>/dev/null &
pids+=("$!")
cat >"$work/post.lua" <<'END'
local lines = {}
for i = 1, 12 do lines[i] = string.format('{"sku": "sku-%04d", "count": %d, "price": 12.5, "gift": false}', i, i) end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-API-Key"] = "benchmark"
wrk.body = '{"customer": "acme-17", "date": "2026-01-31", "note": "' .. string.rep("n", 180) .. '", "lines": [' .. table.concat(lines, ", ") .. "]}"
END
# shellcheck disable=SC2086 # a list of options
java -XX:+UseSerialGC -Xmx256m ${JAVA_OPTIONS:-} -cp "$classes:$jar" io.wasmrunner.proxy.BenchmarkProxy 15823 15821 NATIVE "$loops" >"$work/proxy" 2>&1 &
proxy=$!
pids+=("$proxy")
for _ in $(seq 300); do curl -sf http://127.0.0.1:15823/backend/ >/dev/null && break; sleep 0.1; done
curl -sf http://127.0.0.1:15823/backend/ >/dev/null || { cat "$work/proxy" >&2; exit 1; }
refused=$(curl -s -o /dev/null -w '%{http_code}' -H 'X-API-Key: benchmark' -H 'Content-Type: application/json' -d '{"customer": 5}' http://127.0.0.1:15823/policed/orders/1)
good='{"customer": "acme-17", "lines": [{"sku": "sku-0001", "count": 1}]}'
[ "$refused" = 400 ] || { echo "policies.sh: the contract is not enforced: $refused" >&2; exit 1; }

load() { # seconds, path
  wrk -t1 -c"$connections" -d"${1}s" --latency -s "$work/post.lua" "http://127.0.0.1:15823$2" >"$work/wrk"
  if grep -q 'Non-2xx' "$work/wrk" || ! grep -q '[1-9][0-9]* requests in' "$work/wrk"; then
    cat "$work/wrk" >&2
    echo "policies.sh: $2 was not answered, or not always with 2xx, so its figures mean nothing. Now it says:" >&2
    curl -s -i -H 'X-API-Key: benchmark' -H 'Content-Type: application/json' -d "$good" "http://127.0.0.1:15823$2" >&2
    exit 1
  fi
}
run() { # name, path
  local before after
  before=$(sed 's/.*) //' "/proc/$proxy/stat" | awk '{print $12 + $13}')
  load "$seconds" "$2"
  after=$(sed 's/.*) //' "/proc/$proxy/stat" | awk '{print $12 + $13}')
  awk -v name="$1" -v t=$((after - before)) -v hz="$ticks" '/requests in/ {n = $1} /Requests\/sec/ {rate = $2} $1 == "99%" {p99 = $2}
    /Socket errors/ {errors = "  ERRORS " $0}
    END {printf "%-10s %9.0f req/s  p99 %9s  %7.1f us CPU/request%s\n", name, rate, p99, t / hz * 1e6 / n, errors}' "$work/wrk" | tee -a "$work/figures"
}
echo "machine: $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg); $(cat "$work/proxy"); $connections connections, $loops event loop(s)"
load "$warm_up" '/backend/orders/17?dry=true'
load "$warm_up" '/policed/orders/17?dry=true'
for _ in $(seq "$rounds"); do
  run none '/backend/orders/17?dry=true'
  run policies '/policed/orders/17?dry=true'
done
awk '{rate[$1] += $2; cpu[$1] += $6} END {printf "ratio of requests/s %.2f, of CPU per request %.2f\n", rate["policies"] / rate["none"], cpu["policies"] / cpu["none"]}' "$work/figures"
