#!/usr/bin/env bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source-path=SCRIPTDIR source=wasm_toolchains.sh
source "$root/scripts/wasm_toolchains.sh"
# shellcheck source-path=SCRIPTDIR source=check_report.sh
source "$root/scripts/check_report.sh"

usage() {
  cat <<'END'
Usage: scripts/check_environment.sh

Checks what building and running wasmrunner needs on this machine: a JDK of release 17 or newer, Maven 3.8.7 or newer, and free
ports for the entry point and the services. The toolchains for building modules are optional, because the modules of the services
are in the repository. Says how to get what is missing. Ends with status 0 when nothing needed is missing, otherwise 1.
END
}

oldest_java=17
oldest_maven=3.8.7
entry_point=14000

check_java() {
  local java=java version
  if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; fi
  if ! command -v "$java" >/dev/null 2>&1; then
    if [ -n "${JAVA_HOME:-}" ]; then
      missing "JDK: JAVA_HOME is $JAVA_HOME, but there is no bin/java in it" "set JAVA_HOME to a JDK, or unset it"
    else
      missing "JDK $oldest_java or newer" "$(hint jdk)"
    fi
    return
  fi
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  if ! at_least "${version:-0}" "$oldest_java"; then
    missing "JDK $oldest_java or newer; $java is ${version:-of unknown version}" "$(hint jdk)"
  elif ! command -v "${java}c" >/dev/null 2>&1; then
    missing "javac: $java $version is a run-time without compiler" "$(hint jdk)"
  else
    ok "JDK $version"
  fi
}

check_maven() {
  local version
  if ! command -v mvn >/dev/null 2>&1; then
    missing "Maven $oldest_maven or newer" "$(hint maven)"
    return
  fi
  version=$(mvn --version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
  if at_least "${version:-0}" "$oldest_maven"; then
    ok "Maven $version"
  else
    missing "Maven $oldest_maven or newer; mvn is ${version:-not working (no JDK?)}" "$(hint maven)"
  fi
}

check_toolchains() {
  if find_rust_toolchain; then
    ok "Rust modules: $RUST_TOOLCHAIN"
  else
    optional "Rust modules: $RUST_PROBLEM (scripts/check_rust.sh says more)" "$(hint rust-target)"
  fi
  if find_c_toolchain; then
    ok "C modules: $C_TOOLCHAIN"
  else
    optional "C modules: $C_PROBLEM" "$(hint c)"
  fi
}

# Something answers on the port of loopback.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

check_port() {
  local port=$1 purpose=$2
  if port_taken "$port"; then
    missing "port $port for $purpose is taken" "end what listens there (find it with: $(port_finder "$port")), or choose another port"
  else
    ok "port $port for $purpose is free"
  fi
}

port_finder() {
  if command -v ss >/dev/null 2>&1; then echo "ss -ltnp 'sport = :$1'"; else echo "lsof -nP -iTCP:$1 -sTCP:LISTEN"; fi
}

# The first occurrence of a number behind "key" in a service.json, without needing a JSON tool.
number_of() { sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\([0-9][0-9]*\).*/\1/p" "$2" | head -n 1; }

check_service_ports() {
  local config name first runners i
  for config in "$root"/services/*/config/service.json; do
    [ -f "$config" ] || continue
    name=$(basename "$(dirname "$(dirname "$config")")")
    first=$(sed -n 's/.*"url"[[:space:]]*:[[:space:]]*"[a-z]*:\/\/[^"]*:\([0-9][0-9]*\)[^"]*".*/\1/p' "$config" | head -n 1)
    runners=$(number_of runners "$config")
    [ -n "$first" ] || continue
    for ((i = 0; i < ${runners:-1}; i++)); do check_port $((first + i)) "$name, runner $i"; done
  done
}

case "${1:-}" in
  -h | --help) usage && exit 0 ;;
  "") ;;
  *) echo "check_environment: unknown argument $1 (see --help)" >&2 && exit 2 ;;
esac

if [ "$(operating_system)" = windows ]; then
  missing "a Linux shell: services and scripts run inside WSL" "in an administrator's PowerShell: wsl --install -d Debian"
fi
check_java
check_maven
check_toolchains
check_port "$entry_point" "the entry point"
check_service_ports
report
