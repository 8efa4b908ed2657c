#!/usr/bin/env bash
# hello (the C service) called directly, through wasmrunner, and through nginx in front of the same runner, in turn, in one
# run on one machine. Prints requests/s, latencies and CPU per request (all server processes of the case counted).
#
#   integration-tests/bench/hello.sh [SECONDS] [ROUNDS]     needs: the built jar, wrk, nginx, curl; all traffic stays on loopback
set -euo pipefail
export LC_ALL=C
seconds=${1:-10} rounds=${2:-3} connections=${CONNECTIONS:-64}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
for tool in wrk nginx curl java; do command -v "$tool" >/dev/null || { echo "hello.sh: $tool is missing" >&2; exit 1; }; done
work=$(mktemp -d)
ticks=$(getconf CLK_TCK)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT

mkdir -p "$work/services"
cp -r "$root/services/hello" "$work/services/"
sed -i 's/"runners": 2/"runners": 1/; s/15001/15801/' "$work/services/hello/config/service.json"
(cd "$work" && exec "$root/scripts/wasmrunner" --port 15800 --log-level warn >"$work/log" 2>&1) &
jvm=$!
pids+=("$jvm")
cat >"$work/nginx.conf" <<END
worker_processes 2;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 2048; }
http {
  access_log off;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  upstream runner { server 127.0.0.1:15801; keepalive 64; }
  server {
    listen 127.0.0.1:15802;
    keepalive_requests 10000000;
    location / { proxy_pass http://runner; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
END
nginx -c "$work/nginx.conf" -p "$work" -g 'daemon off;' 2>/dev/null &
pids+=("$!")
for _ in $(seq 300); do curl -sf http://127.0.0.1:15800/hello/hello >/dev/null && curl -sf http://127.0.0.1:15802/hello >/dev/null && break; sleep 0.1; done

cpu() { # CPU ticks of the processes
  local total=0 pid
  for pid in "$@"; do
    [ -r "/proc/$pid/stat" ] && total=$((total + $(sed 's/.*) //' "/proc/$pid/stat" | awk '{print $12 + $13}')))
  done
  echo "$total"
}
children() { cat "/proc/$1/task/$1/children" 2>/dev/null || true; }

measure() { # name, url, pids...
  local name=$1 url=$2 before after requests
  shift 2
  before=$(cpu "$@")
  wrk -t1 -c"$connections" -d"${seconds}s" --latency "$url" >"$work/wrk"
  after=$(cpu "$@")
  requests=$(awk '/requests in/ {print $1}' "$work/wrk")
  printf '%-8s %9s req/s  p50 %8s  p99 %8s  %7.1f us CPU/request%s\n' "$name" \
    "$(awk '/Requests\/sec/ {print $2}' "$work/wrk")" "$(awk '$1=="50%" {print $2}' "$work/wrk")" "$(awk '$1=="99%" {print $2}' "$work/wrk")" \
    "$(awk -v t=$((after - before)) -v hz="$ticks" -v n="$requests" 'BEGIN {print t / hz * 1e6 / n}')" \
    "$(awk '/Non-2xx/ {print "  ERRORS " $0}' "$work/wrk")"
}

echo "machine: $(nproc) processors, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1); $(java -version 2>&1 | head -1); $(nginx -v 2>&1); $connections connections"
echo "warming up, 30 s"
wrk -t1 -c"$connections" -d20s http://127.0.0.1:15800/hello/hello >/dev/null
wrk -t1 -c"$connections" -d10s http://127.0.0.1:15801/hello >/dev/null
nginx_pids=$(pgrep -P "${pids[1]}" || children "${pids[1]}")
for _ in $(seq "$rounds"); do
  # shellcheck disable=SC2086 # a list of pids
  {
    measure direct http://127.0.0.1:15801/hello "$jvm"
    measure proxy http://127.0.0.1:15800/hello/hello "$jvm"
    measure nginx http://127.0.0.1:15802/hello "$jvm" $nginx_pids
  }
done
echo "resident memory of wasmrunner: $(awk '/VmRSS/ {print int($2/1024)}' "/proc/$jvm/status") MiB"
