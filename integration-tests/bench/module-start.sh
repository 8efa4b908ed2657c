#!/usr/bin/env bash
# A module from the cache to listening in a running process, one more runner of a loaded module, and the heap each takes.
# Wall time and CPU of the process, best of so many rounds; on a busy machine only the CPU says something.
#
#   integration-tests/bench/module-start.sh [ROUNDS] [MODULE.wasm...]     needs: the built jar and the test classes of wasmrunner-wasi
#   (mvn test-compile). Without modules: hello (C) and customer_bff (hyper). JAVA_OPTIONS can be set. Loopback only.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${1:-20}
shift || true
modules=("$@")
[ ${#modules[@]} -gt 0 ] || modules=("$root/services/hello/hello.wasm" "$root/services/customer_bff/customer_bff.wasm")
jar=$root/wasmrunner-launcher/target/wasmrunner-launcher.jar
classes=$root/wasmrunner-wasi/target/test-classes:$root/wasmrunner-wasi/target/classes
[ -r "$jar" ] || { echo "module-start.sh: $jar is missing" >&2; exit 1; }
[ -d "$root/wasmrunner-wasi/target/test-classes" ] || { echo "module-start.sh: run mvn test-compile" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "machine: $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg); $(java -version 2>&1 | head -1)"
for module in "${modules[@]}"; do
  # shellcheck disable=SC2086 # a list of options
  java -XX:+UseSerialGC -XX:-DontCompileHugeMethods ${JAVA_OPTIONS:-} -cp "$classes:$jar" io.wasmrunner.wasi.StartBenchmark \
    "$module" "$work/cache" "$rounds"
done
