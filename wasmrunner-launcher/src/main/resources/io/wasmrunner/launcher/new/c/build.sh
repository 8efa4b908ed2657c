#!/usr/bin/env bash
# Builds @NAME@.wasm from src/. Needs a C compiler for WebAssembly; says how to get one where there is none.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=wasm_toolchains.sh
source "$here/wasm_toolchains.sh"

if ! find_c_toolchain; then
  echo "build.sh: cannot build C: $C_PROBLEM. How to get it: $(hint c)" >&2
  exit 1
fi
echo "C: $C_TOOLCHAIN"
objects=$here/target/c
rm -rf "$objects"
mkdir -p "$objects"
# Compile and link in two steps, the link without -O: with binaryen installed, clang would otherwise run wasm-opt, which inlines
# the server's loop into _start, where engines that compile at run time cannot compile it.
for source in "$here"/src/*.c "$here"/src/http/*.c; do
  "${C_COMPILER[@]}" -std=gnu17 -Wall -Wextra -O2 "-ffile-prefix-map=$here/=" -I"$here/src/http" \
    -c "$source" -o "$objects/$(basename "$source" .c).o"
done
"${C_COMPILER[@]}" -o "$objects/@NAME@.wasm" "$objects"/*.o -Wl,--strip-all -Wl,--stack-first -Wl,-z,stack-size=65536
cp "$objects/@NAME@.wasm" "$here/@NAME@.wasm.part"
mv "$here/@NAME@.wasm.part" "$here/@NAME@.wasm"
echo "built $here/@NAME@.wasm"
