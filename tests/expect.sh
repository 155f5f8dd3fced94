# Sourced by checks that run the program: what it must print and how it must end.

fail() {
  echo "$*" >&2
  exit 1
}

skip() {
  echo "skipped: $*"
  exit 77
}

# exits CODE COMMAND...: runs it, keeps what it prints in `out`.
exits() {
  local code=$1 status=0
  shift
  out=$("$@" 2>&1) || status=$?
  [ "$status" = "$code" ] || fail "exit code $status, not $code: $*
$out"
}

says() {
  [[ $out == *"$1"* ]] || fail "it does not say \"$1\" but
$out"
}

says_not() {
  [[ $out != *"$1"* ]] || fail "it says \"$1\":
$out"
}
