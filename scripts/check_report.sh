# shellcheck shell=bash
# The report of the check scripts: one line per thing, a hint below what is missing, an exit status. Sourced by them.

missing_count=0

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  green=$'\e[32m' red=$'\e[31m' yellow=$'\e[33m' plain=$'\e[0m'
else
  green='' red='' yellow='' plain=''
fi

ok() { echo "${green}ok${plain}        $1"; }

missing() {
  missing_count=$((missing_count + 1))
  echo "${red}missing${plain}   $1"
  echo "          what to do: $2"
}

# Something that not everybody needs: it does not count.
optional() {
  echo "${yellow}optional${plain}  $1"
  echo "          what to do: $2"
}

report() {
  if [ "$missing_count" -eq 0 ]; then
    echo "Everything needed is here."
  else
    echo "Missing: $missing_count."
    exit 1
  fi
}

# at_least VERSION MINIMUM: compares up to three numbers, whatever follows them is ignored.
at_least() {
  local -a have want
  local i
  IFS=. read -r -a have <<<"${1%%[-+_ ]*}"
  IFS=. read -r -a want <<<"$2"
  for i in 0 1 2; do
    if [ "${have[i]:-0}" -gt "${want[i]:-0}" ]; then return 0; fi
    if [ "${have[i]:-0}" -lt "${want[i]:-0}" ]; then return 1; fi
  done
}
