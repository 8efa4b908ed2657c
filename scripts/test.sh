#!/usr/bin/env bash
# Runs every test. Uses what is there; as root on Debian it installs what is missing and says so. Elsewhere it runs the
# rest and ends with the list of suites it did not run. With CI=true a missing piece is a failure.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"
ci=${CI:-false}
work=$(mktemp -d)
not_run=()
excluded=()
options=()
engine_pid=""

cleanup() {
  if [ -n "$engine_pid" ]; then
    kill "$engine_pid" 2>/dev/null || true
    for _ in $(seq 50); do kill -0 "$engine_pid" 2>/dev/null || break; sleep 0.2; done
  fi
  rm -rf "$work" 2>/dev/null || true
}
trap cleanup EXIT

say() { echo "test.sh: $*"; }
can_install() { [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; }
updated=false
provide() { # packages
  can_install || return 1
  say "installing $*"
  if [ "$updated" = false ]; then
    apt-get -o DPkg::Lock::Timeout=300 update -qq || return 1
    updated=true
  fi
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$@" >"$work/apt.log" 2>&1 \
    || { tail -5 "$work/apt.log"; return 1; }
}
skip() { # suite, reason
  not_run+=("$1: $2")
  excluded+=("$1")
}

# --- JDK and Maven: nothing works without them
command -v java >/dev/null && command -v javac >/dev/null || provide openjdk-17-jdk-headless || { say "a JDK 17 or newer is needed"; exit 1; }
command -v mvn >/dev/null || provide maven || { say "Maven is needed"; exit 1; }

# --- Browser
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ] && provide chromium; then browser=$(command -v chromium || true); fi
if [ -n "$browser" ]; then options+=("-Dit.browser=$browser"); else skip browser "no Chromium"; fi

# --- Toolchains of the guests
# shellcheck source-path=SCRIPTDIR source=wasm_toolchains.sh
source scripts/wasm_toolchains.sh
c_ready() { find_c_toolchain >/dev/null 2>&1; }
rust_ready() { find_rust_toolchain >/dev/null 2>&1; }
c_ready || provide clang lld wasi-libc libclang-rt-14-dev-wasm32 || true
rust_ready || provide rustc-web cargo-web rust-web-src wasi-libc lld-19 clang-14 || true
if ! c_ready || ! rust_ready; then skip guests "no toolchain for wasm32-wasip1 (scripts/check_environment.sh says what is missing)"; fi

# --- A foreign engine with WasmEdge's sockets, built from the Go module proxy into a cache outside of this tree
wasirun=$(command -v wasirun || true)
build_wasirun() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/wasmrunner-test/wasirun-0.8.0
  command -v go >/dev/null || provide golang-go || return 1
  if [ ! -x "$cache/wasirun" ]; then
    say "building wasirun"
    mkdir -p "$cache" "$work/wasirun"
    printf 'module tools\n\ngo 1.21\n\nrequire github.com/stealthrocket/wasi-go v0.8.0\n' >"$work/wasirun/go.mod"
    printf 'package tools\n\nimport _ "github.com/stealthrocket/wasi-go"\n' >"$work/wasirun/tools.go"
    (cd "$work/wasirun" && go mod tidy && go build -o wasirun github.com/stealthrocket/wasi-go/cmd/wasirun) >"$work/wasirun.log" 2>&1 \
      || { tail -5 "$work/wasirun.log"; return 1; }
    mv "$work/wasirun/wasirun" "$cache/wasirun"
  fi
  wasirun=$cache/wasirun
}
if [ -n "$wasirun" ] || build_wasirun; then options+=("-Dit.wasirun=$wasirun"); else skip wasirun "no Go, or wasirun could not be built"; fi

# --- Container engine and a base image made here
jdk25=$(find /usr/lib/jvm -maxdepth 1 -name '*25*' -type d 2>/dev/null | sort | head -1 || true)
engine_ready() { docker version >/dev/null 2>&1; }
start_engine() {
  command -v dockerd >/dev/null || provide docker.io || return 1
  [ "$(id -u)" = 0 ] || return 1
  mkdir -p "$work/docker"
  dockerd --data-root "$work/docker/data" --exec-root "$work/docker/exec" --pidfile "$work/docker/pid" \
    -H "unix://$work/docker/docker.sock" >"$work/docker/log" 2>&1 &
  engine_pid=$!
  export DOCKER_HOST=unix://$work/docker/docker.sock TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
  for _ in $(seq 100); do engine_ready && return 0; sleep 0.2; done
  say "the container engine did not start:"; tail -5 "$work/docker/log"
  return 1
}
base_image() {
  local jdk=${jdk25:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")} fs=$work/rootfs lib
  docker image inspect local/wasmrunner-jre >/dev/null 2>&1 && return 0
  command -v busybox >/dev/null || provide busybox-static || return 1
  say "making a base image from $(basename "$jdk")"
  mkdir -p "$fs/opt" "$fs/bin" "$fs/tmp" "$fs/etc" "$fs/lib64" "$fs/lib/x86_64-linux-gnu"
  "$jdk/bin/jlink" --add-modules java.base,java.logging,java.net.http,java.naming,java.management,java.xml,java.sql,jdk.management,jdk.unsupported,jdk.crypto.ec \
    --strip-debug --no-header-files --no-man-pages --output "$fs/opt/java" || return 1
  cp "$(command -v busybox)" "$fs/bin/busybox"
  for tool in sh cat wget; do ln -s busybox "$fs/bin/$tool"; done
  for lib in libc.so.6 libm.so.6 libdl.so.2 librt.so.1 libpthread.so.0 libnss_files.so.2 libnss_dns.so.2 libresolv.so.2 libz.so.1 libgcc_s.so.1 libstdc++.so.6; do
    cp -L "/lib/x86_64-linux-gnu/$lib" "$fs/lib/x86_64-linux-gnu/" 2>/dev/null || cp -L "/usr/lib/x86_64-linux-gnu/$lib" "$fs/lib/x86_64-linux-gnu/" 2>/dev/null || true
  done
  cp -L /lib64/ld-linux-x86-64.so.2 "$fs/lib64/"
  echo 'root:x:0:0:root:/:/bin/sh' >"$fs/etc/passwd"
  tar -C "$fs" -c . | docker import -c 'ENV PATH=/opt/java/bin:/bin' - local/wasmrunner-jre >/dev/null
}
if { engine_ready || start_engine; } && { [ -n "${IT_BASE_IMAGE:-}" ] || base_image; }; then
  options+=("-Dit.baseImage=${IT_BASE_IMAGE:-local/wasmrunner-jre}")
else
  skip docker "no container engine"
fi

# --- The seed's own ports, once and alone: only where they are free
free_port() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
for port in 14000 15001 15002; do free_port "$port" || { skip fixed-ports "port $port is in use"; break; }; done

if [ "$ci" = true ] && [ ${#not_run[@]} -gt 0 ]; then
  say "in CI everything has to run; missing:"
  printf '  %s\n' "${not_run[@]}"
  exit 1
fi

# --- The other JDK first: unit and module tests
second=""
main_feature=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
if [ -n "$jdk25" ] && [ "$main_feature" != 25 ]; then second=$jdk25; fi
if [ "$main_feature" = 25 ]; then second=$(find /usr/lib/jvm -maxdepth 1 -name '*-17-*' -type d 2>/dev/null | sort | head -1 || true); fi

if [ -n "$jdk25" ]; then options+=("-Dit.java25=$jdk25/bin/java"); fi

say "every test on Java $main_feature"
mvn -B -ntp verify "-Dwr.excluded=$(IFS=,; echo "${excluded[*]:-}")" "${options[@]}"

if [ -n "$second" ]; then
  say "unit and module tests on $(basename "$second")"
  JAVA_HOME=$second mvn -B -ntp test -pl '!integration-tests' "-Dwr.excluded=" -DbuildDirectory=target
else
  not_run+=("second JDK: only Java $main_feature is installed")
fi

if [ ${#not_run[@]} -gt 0 ]; then
  say "passed, but not run:"
  printf '  %s\n' "${not_run[@]}"
else
  say "passed, nothing left out"
fi
