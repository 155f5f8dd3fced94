# Sourced by the checks beside it: a mirror of attack_data in a scratch folder, made here, and the
# server that misbehaves over it. Each check is called with the program and the project's root.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
escudo=$(realpath "$1")
root=$(realpath "$2")
scratch=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT
cd "$scratch"
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1 XDG_CACHE_HOME=$scratch/cache
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

. "$root/tests/expect.sh"

command -v python3 >/dev/null || skip "python3 is not installed"

raw=splunk/attack_data/master
media=media/$raw

# mirrored NAME FILE: a dataset of the mirror, with its pointer.
mirrored() {
  mkdir -p "mirror/$raw/$(dirname "$1")" "mirror/$media/$(dirname "$1")"
  cp "$2" "mirror/$media/$1"
  printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %s\n' \
    "$(sha256sum <"$2" | cut -d' ' -f1)" "$(stat -c %s "$2")" >"mirror/$raw/$1"
}

# some_bytes N SEED: N bytes of text that differ with SEED.
some_bytes() {
  awk -v n="$1" -v seed="$2" 'BEGIN { srand(seed); while (n > 0) { line = ""; for (i = 0; i < 63; i++) line = line sprintf("%c", 97 + int(rand() * 26)); line = line "\n"; printf "%s", substr(line, 1, n); n -= 64 } }'
}

start_server() {
  mkdir -p state
  : >state/log
  python3 "$here/server.py" mirror state &
  server=$!
  for _ in $(seq 100); do
    [ ! -e state/port ] || break
    sleep 0.1
  done
  [ -e state/port ] || fail "the server does not start"
  url=http://127.0.0.1:$(cat state/port)
}

fetch() { "$escudo" replay fetch --data store --base-url "$url" --retry-wait 0.02 --timeout 1 "$@"; }
verify() { "$escudo" replay verify --data store "$@"; }
