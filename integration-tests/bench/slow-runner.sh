#!/usr/bin/env bash
# Four runners, one of them ten times slower than the others (200 ms against 20 ms), 16 clients: latencies by strategy, in turn, in
# one process on one machine, and the ratio of the p99 with peak_ewma to that with round_robin (goal: 0.2 or less).
#
#   integration-tests/bench/slow-runner.sh [SECONDS] [ROUNDS]     needs: the built jar and proxy test classes (mvn package)
set -euo pipefail
export LC_ALL=C
seconds=${1:-5} rounds=${2:-1}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jar=$root/wasmrunner-launcher/target/wasmrunner-launcher.jar
classes=$root/wasmrunner-proxy/target/test-classes
for module in proxy bus api; do classes=$classes:$root/wasmrunner-$module/target/classes; done # newer than the jar, if it is old
classes=$classes:${CLASSPATH:-$jar}
[ -n "${CLASSPATH:-}" ] || [ -r "$jar" ] || { echo "slow-runner.sh: $jar is missing; run mvn package" >&2; exit 1; }
echo "machine: $(nproc) processors, $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg)"
java -XX:+UseSerialGC -Xmx256m -cp "$classes" io.wasmrunner.proxy.SlowRunnerBenchmark "$seconds" "$rounds" \
  round_robin least_requests power_of_two peak_ewma | awk '
    { print; fflush() }
    $1 == "round_robin" { a += $8 } $1 == "peak_ewma" { b += $8 }
    END { printf "p99 with peak_ewma / p99 with round_robin: %.2f\n", b / a }'
