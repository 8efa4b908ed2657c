#!/usr/bin/env bash
# The proxy alone, in front of an nginx that answers 128 bytes: our forwarder, vertx-web-proxy as it comes, and nginx and HAProxy in
# their place, in turn, in one run on one machine. Prints requests/s, latencies and CPU per request of the process in the middle; then, at
# half of the requests/s that the slower of HAProxy and our forwarder reached, what each of them adds to the p99 of the backend alone, by
# requests that are sent at a fixed rate and measured from when they were due (goal: at most 1.5 times what HAProxy adds).
# Machines are noisy: compare neighbours and CPU, never requests/s of different runs.
#
#   integration-tests/bench/proxy.sh [SECONDS] [ROUNDS]     needs: the built jar and proxy test classes (mvn package), wrk, nginx,
#   curl, and haproxy for its part; all traffic stays on loopback. CONNECTIONS=64, LOOPS=1, WARM_UP=30, JAVA_OPTIONS and
#   TRANSPORTS="epoll io_uring" (our forwarder with each of them; default epoll) can be set.
set -euo pipefail
export LC_ALL=C
seconds=${1:-8} rounds=${2:-4} connections=${CONNECTIONS:-64} loops=${LOOPS:-1} warm_up=${WARM_UP:-30}
read -r -a transports <<<"${TRANSPORTS:-epoll}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jar=$root/wasmrunner-launcher/target/wasmrunner-launcher.jar
classes=$root/wasmrunner-proxy/target/test-classes
for module in proxy bus api; do classes=$classes:$root/wasmrunner-$module/target/classes; done # newer than the jar, if it is old
for tool in wrk nginx curl java; do command -v "$tool" >/dev/null || { echo "proxy.sh: $tool is missing" >&2; exit 1; }; done
[ -r "$jar" ] || { echo "proxy.sh: $jar is missing; run mvn package" >&2; exit 1; }
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

haproxy=
if command -v haproxy >/dev/null; then
  cat >"$work/haproxy.cfg" <<END
global
  nbthread $loops
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 60s
  option http-keep-alive
  option forwardfor
  http-reuse always
frontend entry
  bind 127.0.0.1:15815
  http-request replace-path /backend/(.*) /\\1
  default_backend servers
backend servers
  server backend 127.0.0.1:15811
END
  haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 &
  haproxy=$!
  pids+=("$haproxy")
else
  echo "proxy.sh: haproxy is missing: without its part, and without the added p99" >&2
fi

start_proxy() { # port, forwarder, transport
  # shellcheck disable=SC2086 # a list of options
  java -XX:+UseSerialGC -Xmx256m ${JAVA_OPTIONS:-} -cp "$classes:$jar" io.wasmrunner.proxy.BenchmarkProxy "$1" 15811 "$2" "$loops" "$3" \
    >"$work/$2-$3" 2>&1 &
  pids+=("$!")
}
ports=(15812)
names=() natives=() urls=()
for i in "${!transports[@]}"; do
  port=$((15820 + i))
  start_proxy "$port" NATIVE "${transports[i]}"
  natives+=("${pids[-1]}")
  ports+=("$port")
  urls+=("http://127.0.0.1:$port/backend/")
  if [ "${#transports[@]}" = 1 ]; then names+=(wasmrunner); else names+=("wasmrunner-${transports[i]}"); fi
done
start_proxy 15814 VERTX_WEB_PROXY epoll
reference=${pids[-1]}
ports+=(15814)
[ -z "$haproxy" ] || ports+=(15815)
for port in "${ports[@]}"; do
  for _ in $(seq 300); do curl -sf "http://127.0.0.1:$port/backend/" >/dev/null && break; sleep 0.1; done
  curl -sf "http://127.0.0.1:$port/backend/" >/dev/null || { echo "proxy.sh: nothing answers at $port" >&2; cat "$work"/*log "$work"/NATIVE* "$work"/VERTX* >&2; exit 1; }
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
  printf '%-20s %9s req/s  p50 %8s  p99 %8s  %7.1f us CPU/request%s\n' "$name" \
    "$(awk '/Requests\/sec/ {print $2}' "$work/wrk")" "$(awk '$1=="50%" {print $2}' "$work/wrk")" "$(awk '$1=="99%" {print $2}' "$work/wrk")" \
    "$(awk -v t=$((after - before)) -v hz="$ticks" -v n="$requests" 'BEGIN {print t / hz * 1e6 / n}')" \
    "$(awk '/Non-2xx|Socket errors/ {print "  ERRORS " $0}' "$work/wrk")" | tee -a "$work/figures"
}
at_rate() { # name, url
  printf '%-20s ' "$1"
  java -XX:+UseSerialGC -Xmx128m -cp "$classes" io.wasmrunner.proxy.FixedRateBenchmark "$2" "$rate" "$connections" "$seconds" >"$work/rate"
  cat "$work/rate"
  echo "$1 $(cat "$work/rate")" >>"$work/rates"
}

echo "machine: $(nproc) processors, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg)"
echo "$(java -version 2>&1 | head -1); $(nginx -v 2>&1); $(haproxy -v 2>/dev/null | head -1 | cut -d' ' -f1-3); ${transports[*]}; $connections connections, $loops event loop(s)"
echo "warming up, $warm_up s each"
for url in "${urls[@]}" http://127.0.0.1:15814/backend/; do
  wrk -t1 -c"$connections" -d"${warm_up}s" "$url" >/dev/null
done
workers=$(cat "/proc/$middle/task/$middle/children")
for _ in $(seq "$rounds"); do
  # shellcheck disable=SC2086 # a list of pids
  measure nginx http://127.0.0.1:15812/backend/ $workers
  [ -z "$haproxy" ] || measure haproxy http://127.0.0.1:15815/backend/ "$haproxy"
  for i in "${!names[@]}"; do measure "${names[i]}" "${urls[i]}" "${natives[i]}"; done
  measure vertx-web-proxy http://127.0.0.1:15814/backend/ "$reference"
done
for pid in "${natives[@]}" "$reference"; do
  echo "resident memory: $(awk '/VmRSS/ {print int($2/1024)}' "/proc/$pid/status") MiB"
done
[ -n "$haproxy" ] || exit 0

for i in "${!names[@]}"; do
  rate=$(awk -v a="${names[i]}" '$1 == a {ours += $2; n++} $1 == "haproxy" {theirs += $2}
    END {print int((ours < theirs ? ours : theirs) / n / 2)}' "$work/figures")
  echo "at $rate requests/s, half of what the slower of haproxy and ${names[i]} reached"
  : >"$work/rates"
  for _ in $(seq "$rounds"); do
    at_rate backend http://127.0.0.1:15811/
    at_rate haproxy http://127.0.0.1:15815/backend/
    at_rate "${names[i]}" "${urls[i]}"
  done
  awk -v a="${names[i]}" '{for (f = 2; f < NF; f++) if ($f == "p99") p99[$1] += $(f + 1); n += $1 == a}
    END {
      ours = (p99[a] - p99["backend"]) / n; theirs = (p99["haproxy"] - p99["backend"]) / n
      ratio = "none: haproxy adds nothing"
      if (theirs > 0) ratio = sprintf("%.2f", ours / theirs)
      printf "added p99: %s %.3f ms, haproxy %.3f ms, ratio %s\n", a, ours, theirs, ratio
    }' "$work/rates"
done
