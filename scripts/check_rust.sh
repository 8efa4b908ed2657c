#!/usr/bin/env bash
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=wasm_toolchains.sh
source "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/wasm_toolchains.sh"
# shellcheck source-path=SCRIPTDIR source=check_report.sh
source "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/check_report.sh"

usage() {
  cat <<'END'
Usage: scripts/check_rust.sh

Checks what building services in Rust needs: rustc 1.78 or newer (1.70 knew the target only by its old name), cargo, a standard
library for wasm32-wasip1, and the wasi-sdk that crates with C code of their own need. Says how to get what is missing.
Ends with status 0 when the Rust services can be built, otherwise 1.
END
}

oldest_rustc=1.78.0

case "${1:-}" in
  -h | --help) usage && exit 0 ;;
  "") ;;
  *) echo "check_rust: unknown argument $1 (see --help)" >&2 && exit 2 ;;
esac

if find_rust_toolchain; then
  version=$("$RUSTC" --version | awk '{print $2}')
  if at_least "$version" "$oldest_rustc"; then
    ok "rustc $version ($RUSTC)"
  else
    missing "rustc $version ($RUSTC) is older than $oldest_rustc" "$(hint rust)"
  fi
  ok "$("$CARGO" --version) ($CARGO)"
  if [ "$RUST_KIND" = installed ]; then
    ok "standard library for wasm32-wasip1"
  else
    ok "standard library for wasm32-wasip1: compiled from rust-web-src with $(basename "$RUST_LINKER") and $(basename "$RUST_STUB_CLANG")"
  fi
else
  for tool in rustc cargo; do
    if path=$(command -v "$tool"); then ok "$("$path" --version) ($path)"; else missing "$tool" "$(hint rust)"; fi
  done
  if command -v rustup >/dev/null 2>&1; then ok "rustup"; else optional "rustup, the usual way to get targets" "$(hint rust)"; fi
  missing "standard library for wasm32-wasip1: $RUST_PROBLEM" "$(hint rust-target)"
fi

if find_c_toolchain; then
  ok "C for crates that bring some (ring, for instance): $C_TOOLCHAIN"
else
  optional "C for crates that bring some (ring, for instance; none of the services here): $C_PROBLEM" "$(hint wasi-sdk)"
fi

report
