# shellcheck shell=bash
# shellcheck disable=SC2034 # what the functions find is read by the scripts that source this file
#
# Finds what compiles WebAssembly modules on this machine, and says how to get what is missing. Sourced by the scripts beside it.

# operating_system: debian, fedora, macos, wsl (Debian or Ubuntu inside Windows), windows (a shell outside WSL), or other.
operating_system() {
  case "$(uname -s)" in
    Darwin) echo macos && return ;;
    MINGW* | MSYS* | CYGWIN*) echo windows && return ;;
  esac
  if command -v apt-get >/dev/null 2>&1; then
    if grep -qi microsoft /proc/version 2>/dev/null; then echo wsl; else echo debian; fi
  elif command -v dnf >/dev/null 2>&1; then
    echo fedora
  else
    echo other
  fi
}

# hint KIND: one line that says how to get it here. KIND: jdk, maven, rust, rust-target, c, wasi-sdk.
hint() {
  local os
  os=$(operating_system)
  case "$1:$os" in
    jdk:debian | jdk:wsl) echo "apt-get install openjdk-17-jdk-headless (or any newer JDK)" ;;
    jdk:fedora) echo "dnf install java-21-openjdk-devel" ;;
    jdk:macos) echo "brew install openjdk, or Temurin from adoptium.net" ;;
    jdk:*) echo "install a JDK of release 17 or newer, for instance Temurin from adoptium.net" ;;
    maven:debian | maven:wsl) echo "apt-get install maven" ;;
    maven:fedora) echo "dnf install maven" ;;
    maven:macos) echo "brew install maven" ;;
    maven:*) echo "install Maven 3.8.7 or newer from maven.apache.org" ;;
    rust:debian | rust:wsl) echo "rustup from rustup.rs; or, from Debian's packages alone: apt-get install rustc-web cargo-web rust-web-src wasi-libc lld-19 clang-14" ;;
    rust:fedora) echo "rustup from rustup.rs; or: dnf install rust cargo rust-std-static-wasm32-wasip1 lld" ;;
    rust:*) echo "install rustup from rustup.rs" ;;
    rust-target:debian | rust-target:wsl) echo "rustup target add wasm32-wasip1; or, from Debian's packages alone: apt-get install rustc-web cargo-web rust-web-src wasi-libc lld-19 clang-14" ;;
    rust-target:fedora) echo "rustup target add wasm32-wasip1; or, with Fedora's Rust: dnf install rust-std-static-wasm32-wasip1 lld" ;;
    rust-target:*) echo "rustup target add wasm32-wasip1" ;;
    c:debian | c:wsl) echo "apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32 (the last one with your clang's number), or unpack wasi-sdk 24 to ~/.wasmedge/wasi-sdk-24.0" ;;
    c:fedora) echo "dnf install clang lld wasi-libc-static compiler-rt, or unpack wasi-sdk 24 to ~/.wasmedge/wasi-sdk-24.0" ;;
    c:macos) echo "brew install llvm lld wasi-libc wasi-runtimes, or unpack wasi-sdk 24 to ~/.wasmedge/wasi-sdk-24.0" ;;
    c:* | wasi-sdk:*) echo "unpack wasi-sdk 24 (github.com/WebAssembly/wasi-sdk/releases) to ~/.wasmedge/wasi-sdk-24.0, or set WASI_SDK_PATH to where it is" ;;
  esac
}

# find_c_toolchain: sets C_COMPILER (an array: program and target options) and C_TOOLCHAIN (for people to read).
# Returns 1 and sets C_PROBLEM when there is none that can build a module.
find_c_toolchain() {
  C_COMPILER=()
  C_TOOLCHAIN=
  C_PROBLEM=
  local sdk=${WASI_SDK_PATH:-$HOME/.wasmedge/wasi-sdk-24.0}
  if [ -n "${WASI_SDK_PATH:-}" ] && [ ! -x "$sdk/bin/clang" ]; then
    C_PROBLEM="WASI_SDK_PATH is $sdk, but there is no bin/clang in it"
    return 1
  fi
  local clang sysroot
  if [ -x "$sdk/bin/clang" ]; then
    C_COMPILER=("$sdk/bin/clang")
    if [ -d "$sdk/share/wasi-sysroot/lib/wasm32-wasip1" ]; then
      C_COMPILER+=(--target=wasm32-wasip1)
    else
      C_COMPILER+=(--target=wasm32-wasi)
    fi
    links_a_program && C_TOOLCHAIN="wasi-sdk in $sdk" && return 0
    C_PROBLEM="the wasi-sdk in $sdk cannot build a program: $LINK_ERROR"
    return 1
  fi
  for clang in clang /opt/homebrew/opt/llvm/bin/clang /usr/local/opt/llvm/bin/clang clang-19 clang-18 clang-17 clang-16 clang-15 clang-14; do
    command -v "$clang" >/dev/null 2>&1 || continue
    for sysroot in /usr /usr/wasm32-wasi /opt/homebrew/opt/wasi-libc/share/wasi-sysroot /usr/local/opt/wasi-libc/share/wasi-sysroot; do
      { [ -d "$sysroot/include/wasm32-wasi" ] || [ -f "$sysroot/include/wasi/api.h" ]; } || continue
      C_COMPILER=("$clang" --target=wasm32-wasi "--sysroot=$sysroot")
      links_a_program && C_TOOLCHAIN="$("$clang" --version | head -n 1), wasi-libc in $sysroot" && return 0
      C_PROBLEM="$clang with wasi-libc in $sysroot cannot build a program: $LINK_ERROR"
    done
  done
  C_COMPILER=()
  C_PROBLEM=${C_PROBLEM:-"there is neither a wasi-sdk nor a clang with wasi-libc"}
  return 1
}

# Tries the compiler of find_c_toolchain on a small program; LINK_ERROR says what went wrong.
links_a_program() {
  local folder status=0
  folder=$(mktemp -d)
  echo 'int main(int count, char **words) { return words[0][0] / count; }' >"$folder/x.c"
  LINK_ERROR=$("${C_COMPILER[@]}" -o "$folder/x.wasm" "$folder/x.c" 2>&1 >/dev/null) || status=1
  rm -rf "$folder"
  LINK_ERROR=${LINK_ERROR%%$'\n'*}
  return "$status"
}

# find_rust_toolchain: sets RUST_KIND to 'installed' (a compiled standard library for wasm32-wasip1 is there) or 'source' (it has
# to be compiled from Debian's rust-web-src), RUSTC, CARGO and RUST_TOOLCHAIN (for people to read).
# Returns 1 and sets RUST_PROBLEM when there is none that can build a module.
find_rust_toolchain() {
  RUST_KIND=
  RUST_TOOLCHAIN=
  RUST_PROBLEM="there is no rustc with a standard library for wasm32-wasip1"
  for RUSTC in "$(command -v rustc 2>/dev/null || true)" "$HOME/.cargo/bin/rustc" /usr/bin/rustc; do
    CARGO=${RUSTC%rustc}cargo
    { [ -x "$RUSTC" ] && [ -x "$CARGO" ]; } || continue
    if has_wasm_std; then
      RUST_KIND=installed
      RUST_TOOLCHAIN="$("$RUSTC" --version), compiled standard library for wasm32-wasip1"
      return 0
    fi
  done
  RUSTC=/usr/bin/rustc
  CARGO=/usr/bin/cargo
  if [ ! -x "$RUSTC" ] || [ ! -x "$CARGO" ] || [ ! -d "$("$RUSTC" --print sysroot)/lib/rustlib/src/rust/library" ]; then
    return 1
  fi
  RUST_LINKER=$(first_command wasm-ld-19 wasm-ld-20 wasm-ld-18 wasm-ld-17 wasm-ld)
  RUST_STUB_CLANG=$(first_command clang-14 clang clang-19)
  RUST_WASI_LIBC=/usr/lib/wasm32-wasi
  if [ -z "$RUST_LINKER" ] || [ -z "$RUST_STUB_CLANG" ] || [ ! -f "$RUST_WASI_LIBC/libc.a" ]; then
    RUST_PROBLEM="Debian's Rust and its library source are here, but lld-19, clang-14 or wasi-libc is missing"
    return 1
  fi
  RUST_KIND=source
  RUST_TOOLCHAIN="$("$RUSTC" --version), standard library compiled from rust-web-src"
}

has_wasm_std() {
  local folder
  folder=$("$RUSTC" --print target-libdir --target wasm32-wasip1 2>/dev/null) || return 1
  compgen -G "$folder/libstd-*.rlib" >/dev/null
}

first_command() {
  local name
  for name in "$@"; do
    command -v "$name" 2>/dev/null && return 0
  done
  return 0
}

# rust_build_settings WORK SOURCES NAME: after find_rust_toolchain, sets RUST_OPTIONS (an array: what follows cargo) and exports what
# cargo is to know. Intermediate files go to WORK; files below SOURCES appear in modules as NAME/…, so that no path of this machine does.
# Returns 1 and sets RUST_PROBLEM when that is not possible.
rust_build_settings() {
  local work=$1 sources=$2 name=$3 library
  RUST_OPTIONS=(build --release --target wasm32-wasip1)
  library=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
  RUSTFLAGS="--cfg wasmedge --cfg tokio_unstable --remap-path-prefix=$library=rust"
  RUSTFLAGS+=" --remap-path-prefix=$(cd "$library" 2>/dev/null && pwd -P || echo /nonexistent)=rust"
  RUSTFLAGS+=" --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$sources=$name"
  if [ "$RUST_KIND" = source ]; then
    mkdir -p "$work"
    # Debian's wasi-libc is older than this standard library and lacks two functions that no single-threaded program calls.
    printf 'int pthread_detach(void *t) { (void)t; return 52; }\nint pthread_join(void *t, void **r) { (void)t; (void)r; return 52; }\n' >"$work/rust-stub.c"
    if ! "$RUST_STUB_CLANG" --target=wasm32-wasi -O2 -c "$work/rust-stub.c" -o "$work/rust-stub.o"; then
      RUST_PROBLEM="the stub does not compile"
      return 1
    fi
    RUST_OPTIONS+=("-Zbuild-std=std,panic_abort" -Zbuild-std-features=)
    RUSTFLAGS+=" -C target-feature=-crt-static -C link-self-contained=no -C linker=$RUST_LINKER -C link-arg=-L$RUST_WASI_LIBC"
    RUSTFLAGS+=" -C link-arg=$RUST_WASI_LIBC/crt1-command.o -C link-arg=$work/rust-stub.o -C link-arg=-lc"
    export RUSTC_BOOTSTRAP=1
  fi
  if find_c_toolchain; then
    # For crates that bring C of their own, ring for instance.
    export CC_wasm32_wasip1=${CC_wasm32_wasip1:-${C_COMPILER[0]}}
  fi
  export RUSTC RUSTFLAGS CARGO_TARGET_DIR=$work/rust
}
