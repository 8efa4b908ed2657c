#!/usr/bin/env bash
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
services=$root/services
work=$services/target
# shellcheck source-path=SCRIPTDIR source=wasm_toolchains.sh
source "$root/scripts/wasm_toolchains.sh"

usage() {
  cat <<'END'
Usage: scripts/build_wasm_module.sh [--output DIR] [NAME]

Builds the WebAssembly module of the service NAME, or of every service, from its source. A service with a Cargo.toml is built as
Rust, one with src/*.c as C together with services/c-http. Stops at the first failure with the reason.

  --output DIR   write DIR/NAME.wasm (default: services/NAME/NAME.wasm)
  -h, --help     this text

Rust:  rustup's target wasm32-wasip1 where it is installed, otherwise Debian's rustc-web with the standard library from source.
C:     the wasi-sdk in WASI_SDK_PATH or ~/.wasmedge/wasi-sdk-24.0, otherwise the system's clang with wasi-libc.
What is missing is named together with a way to get it. Intermediate files go to services/target.
END
}

fail() {
  echo "build_wasm_module: $*" >&2
  exit 1
}

# Everything that would put a path of this machine into a module is mapped to a name that is the same everywhere.
build_c() {
  local service=$1 name objects source
  name=$(basename "$service")
  if [ -z "${c_found:-}" ]; then
    find_c_toolchain || fail "cannot build C: $C_PROBLEM.
  How to get it: $(hint c)"
    c_found=yes
    echo "C: $C_TOOLCHAIN"
  fi
  objects=$work/c/$name
  rm -rf "$objects"
  mkdir -p "$objects"
  # Compile and link in two steps, the link without -O: with binaryen installed, clang would otherwise run wasm-opt, which inlines
  # the server's loop into _start, where engines that compile at run time cannot compile it.
  for source in "$services"/c-http/src/*.c "$service"/src/*.c; do
    "${C_COMPILER[@]}" -std=gnu17 -Wall -Wextra -Werror -O2 "-ffile-prefix-map=$services/=" -I"$services/c-http/src" \
      -c "$source" -o "$objects/$(basename "$source" .c).o" || fail "$name: $source does not compile (see above)"
  done
  "${C_COMPILER[@]}" -o "$objects/$name.wasm" "$objects"/*.o -Wl,--strip-all -Wl,--stack-first -Wl,-z,stack-size=65536 \
    || fail "$name: the linker failed (see above)"
  built=$objects/$name.wasm
}

prepare_rust() {
  find_rust_toolchain || fail "cannot build Rust: $RUST_PROBLEM.
  How to get it: $(hint rust-target)"
  echo "Rust: $RUST_TOOLCHAIN"
  rust_build_settings "$work" "$services" services || fail "cannot build Rust: $RUST_PROBLEM"
}

build_rust() {
  local service=$1 name
  name=$(basename "$service")
  if [ -z "${RUST_KIND:-}" ]; then prepare_rust; fi
  (cd "$service" && "$CARGO" "${RUST_OPTIONS[@]}") || fail "$name: cargo failed (see above)"
  built=$CARGO_TARGET_DIR/wasm32-wasip1/release/$name.wasm
  [ -f "$built" ] || fail "$name: cargo made no $name.wasm; the package in Cargo.toml must be named '$name'"
}

build() {
  local service=$1 name target place
  name=$(basename "$service")
  if [ -f "$service/Cargo.toml" ]; then
    build_rust "$service"
  elif compgen -G "$service/src/*.c" >/dev/null; then
    build_c "$service"
  else
    fail "$name: nothing to build: neither Cargo.toml nor src/*.c"
  fi
  for place in "$root" "${HOME%/}"; do
    [ -n "$place" ] || continue
    if grep -aqF "$place/" "$built"; then fail "$name: the module carries a path of this machine ($place)"; fi
  done
  target=${output:-$service}/$name.wasm
  cp "$built" "$target.part"
  chmod 644 "$target.part"
  mv "$target.part" "$target"
  echo "built $target ($(wc -c <"$target" | tr -d ' ') bytes)"
}

has_source() {
  [ -f "$1/Cargo.toml" ] || compgen -G "$1/src/*.c" >/dev/null
}

output=
wanted=
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage && exit 0 ;;
    --output)
      [ $# -ge 2 ] || fail "--output needs a folder"
      output=$2
      shift
      ;;
    --output=*) output=${1#--output=} ;;
    -*) fail "unknown option $1 (see --help)" ;;
    *)
      [ -z "$wanted" ] || fail "one name at most (see --help)"
      wanted=${1%/}
      wanted=${wanted#services/}
      ;;
  esac
  shift
done

if [ -n "$output" ]; then
  mkdir -p "$output" || fail "cannot make the folder $output"
  output=$(cd "$output" && pwd -P)
fi

if [ -n "$wanted" ]; then
  [ -f "$services/$wanted/config/service.json" ] || fail "there is no service '$wanted': services/$wanted/config/service.json is missing"
  build "$services/$wanted"
  exit 0
fi

for config in "$services"/*/config/service.json; do
  [ -f "$config" ] || fail "there is no service in $services"
  service=$(dirname "$(dirname "$config")")
  if has_source "$service"; then
    build "$service"
  else
    echo "skipped $(basename "$service"): it has no source here, only its module"
  fi
done
