#!/usr/bin/env bash
# The proxy alone, in front of an nginx that answers 128 bytes: our forwarder, vertx-web-proxy as it comes, and nginx in their
# place, in turn, in one run on one machine. Prints requests/s, latencies and CPU per request of the process in the middle.
# Machines are noisy: compare neighbours and CPU, never requests/s of different runs.
#
#   integration-tests/bench/proxy.sh [SECONDS] [ROUNDS]     needs: the built jar and proxy test classes (mvn install), wrk, nginx,
#   curl; all traffic stays on loopback. CONNECTIONS=64, LOOPS=1, WARM_UP=30 and JAVA_OPTIONS can be set.
set -euo pipefail
export LC_ALL=C
seconds=${1:-8} rounds=${2:-4} connections=${CONNECTIONS:-64} loops=${LOOPS:-1} warm_up=${WARM_UP:-30}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jar=$root/wasmrunner-launcher/target/wasmrunner-launcher.jar
classes=$root/wasmrunner-proxy/target/test-classes
for module in proxy bus api; do classes=$classes:$root/wasmrunner-$module/target/classes; done # newer than the jar, if it is old
for tool in wrk nginx curl java; do command -v "$tool" >/dev/null || { echo "proxy.sh: $tool is missing" >&2; exit 1; }; done
[ -r "$jar" ] || { echo "proxy.sh: $jar is missing; run mvn install" >&2; exit 1; }
work=$(mktemp -d)
ticks=$(getconf CLK_TCK)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT

nginx_server() { # name, workers, body of the http block; sets $nginx_master
  cat >"$work/$1.conf" <<END
worker_processes $2;
pid $work/$1.pid;
error_log $work/$1.log;
events { worker_connections 2048; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  $3
}
END
  nginx -c "$work/$1.conf" -p "$work" -g 'daemon off;' 2>/dev/null &
  nginx_master=$!
  pids+=("$nginx_master")
}
body=$(printf 'x%.0s' $(seq 128))
nginx_server backend 1 "server { listen 127.0.0.1:15811; location / { return 200 '$body'; } }"
nginx_server middle "$loops" "upstream backend { server 127.0.0.1:15811; keepalive 128; }
  server { listen 127.0.0.1:15812; location /backend/ { proxy_pass http://backend/; proxy_http_version 1.1;
    proxy_set_header Connection ''; proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for; } }"
middle=$nginx_master

start_proxy() { # port, forwarder
  # shellcheck disable=SC2086 # a list of options
  java -XX:+UseSerialGC -Xmx256m ${JAVA_OPTIONS:-} -cp "$classes:$jar" io.wasmrunner.proxy.BenchmarkProxy "$1" 15811 "$2" "$loops" \
    >"$work/$2" 2>&1 &
  pids+=("$!")
}
start_proxy 15813 NATIVE
native=${pids[-1]}
start_proxy 15814 VERTX_WEB_PROXY
reference=${pids[-1]}
for port in 15812 15813 15814; do
  for _ in $(seq 300); do curl -sf "http://127.0.0.1:$port/backend/" >/dev/null && break; sleep 0.1; done
  curl -sf "http://127.0.0.1:$port/backend/" >/dev/null || { cat "$work"/NATIVE "$work"/VERTX* >&2; exit 1; }
done

cpu() { # CPU ticks of the processes
  local total=0 pid
  for pid in "$@"; do
    [ -r "/proc/$pid/stat" ] && total=$((total + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{print $12 + $13}')))
  done
  echo "$total"
}
measure() { # name, url, pids...
  local name=$1 url=$2 before after requests
  shift 2
  before=$(cpu "$@")
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$url" >"$work/wrk"
  after=$(cpu "$@")
  requests=$(awk '/requests in/ {print $1}' "$work/wrk")
  printf '%-16s %9s req/s  p50 %8s  p99 %8s  %7.1f us CPU/request%s\n' "$name" \
    "$(awk '/Requests\/sec/ {print $2}' "$work/wrk")" "$(awk '$1=="50%" {print $2}' "$work/wrk")" "$(awk '$1=="99%" {print $2}' "$work/wrk")" \
    "$(awk -v t=$((after - before)) -v hz="$ticks" -v n="$requests" 'BEGIN {print t / hz * 1e6 / n}')" \
    "$(awk '/Non-2xx|Socket errors/ {print "  ERRORS " $0}' "$work/wrk")"
}

echo "machine: $(nproc) processors, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg)"
echo "$(java -version 2>&1 | head -1); $(nginx -v 2>&1); $(cat "$work/NATIVE"); $connections connections, $loops event loop(s)"
echo "warming up, $warm_up s each"
wrk -t1 -c"$connections" -d"${warm_up}s" http://127.0.0.1:15813/backend/ >/dev/null
wrk -t1 -c"$connections" -d"${warm_up}s" http://127.0.0.1:15814/backend/ >/dev/null
workers=$(cat "/proc/$middle/task/$middle/children")
for _ in $(seq "$rounds"); do
  # shellcheck disable=SC2086 # a list of pids
  {
    measure nginx http://127.0.0.1:15812/backend/ $workers
    measure wasmrunner http://127.0.0.1:15813/backend/ "$native"
    measure vertx-web-proxy http://127.0.0.1:15814/backend/ "$reference"
  }
done
for pid in "$native" "$reference"; do
  echo "resident memory: $(awk '/VmRSS/ {print int($2/1024)}' "/proc/$pid/status") MiB"
done
