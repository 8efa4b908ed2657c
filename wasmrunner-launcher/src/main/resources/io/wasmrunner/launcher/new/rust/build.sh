#!/usr/bin/env bash
# Builds @NAME@.wasm with cargo. Needs Rust with the target wasm32-wasip1; says how to get it where it is missing.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=wasm_toolchains.sh
source "$here/wasm_toolchains.sh"

if ! find_rust_toolchain || ! rust_build_settings "$here/target" "$here" "@NAME@"; then
  echo "build.sh: cannot build Rust: $RUST_PROBLEM. How to get it: $(hint rust-target)" >&2
  exit 1
fi
echo "Rust: $RUST_TOOLCHAIN"
(cd "$here" && "$CARGO" "${RUST_OPTIONS[@]}")
cp "$CARGO_TARGET_DIR/wasm32-wasip1/release/@NAME@.wasm" "$here/@NAME@.wasm.part"
mv "$here/@NAME@.wasm.part" "$here/@NAME@.wasm"
echo "built $here/@NAME@.wasm"
