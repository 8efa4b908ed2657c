#!/usr/bin/env bash
# How the entry point keeps to HTTP/2: h2spec against the proxy alone, in front of an nginx. Fails when more than one test does
# (3.5/2: what is no preface is answered as a malformed HTTP/1.1 request).
#
#   integration-tests/bench/h2spec.sh [ARGUMENTS OF H2SPEC]     needs: the built jar and proxy test classes, h2spec (go install
#   github.com/summerwind/h2spec/cmd/h2spec@latest), nginx, curl; all traffic stays on loopback.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jar=$root/wasmrunner-launcher/target/wasmrunner-launcher.jar
classes=$root/wasmrunner-proxy/target/test-classes
for module in proxy bus api; do classes=$classes:$root/wasmrunner-$module/target/classes; done # newer than the jar, if it is old
for tool in h2spec nginx curl java; do command -v "$tool" >/dev/null || { echo "h2spec.sh: $tool is missing" >&2; exit 1; }; done
[ -r "$jar" ] || { echo "h2spec.sh: $jar is missing; run mvn package" >&2; exit 1; }
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  sleep 1
  rm -rf "$work"
}
trap cleanup EXIT
cat >"$work/nginx.conf" <<END
pid $work/pid;
error_log $work/log;
events { }
http {
  access_log off;
  client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  server { listen 127.0.0.1:15821; location / { return 200 'hello'; } }
}
END
nginx -c "$work/nginx.conf" -p "$work" -g 'daemon off;' 2>/dev/null &
pids+=("$!")
java -cp "$classes:$jar" io.wasmrunner.proxy.BenchmarkProxy 15822 15821 NATIVE 1 >"$work/proxy" 2>&1 &
pids+=("$!")
for _ in $(seq 300); do curl -sf http://127.0.0.1:15822/backend/ >/dev/null && break; sleep 0.1; done
curl -sf http://127.0.0.1:15822/backend/ >/dev/null || { cat "$work/proxy" >&2; exit 1; }
h2spec -p 15822 -P /backend/ -o 5 "$@" | tee "$work/report" || true
failed=$(sed -n 's/.* \([0-9]*\) failed$/\1/p' "$work/report" | tail -1)
[ -n "$failed" ] && [ "$failed" -le 1 ]
