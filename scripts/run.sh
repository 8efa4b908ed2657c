#!/usr/bin/env bash
# Builds wasmrunner if need be and starts it with the services of this checkout. Needs a JDK (17 or newer) and Maven.
# Arguments go to wasmrunner, relative paths in them count from the checkout: scripts/run.sh --port 8080
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cd "$root"

need() { # command, what it is, how to get it
  command -v "$1" >/dev/null || {
    echo "run.sh: $2 is missing." >&2
    echo "  Debian, Ubuntu: apt-get install $3    Fedora: dnf install $4    macOS: brew install $5" >&2
    exit 1
  }
}
need java "a JDK, 17 or newer," openjdk-17-jdk java-21-openjdk-devel openjdk
need mvn "Maven" maven maven maven

jar=wasmrunner-launcher/target/wasmrunner-launcher.jar
if [ ! -f "$jar" ] || [ -n "$(find pom.xml wasmrunner-*/pom.xml wasmrunner-*/src/main config -newer "$jar" -type f -print -quit)" ]; then
  echo "run.sh: building (a few minutes the first time, while Maven fetches libraries)"
  mvn -q -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true -pl wasmrunner-launcher -am package
fi

exec scripts/wasmrunner "$@"
