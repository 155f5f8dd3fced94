# Sourced by the checks beside it: a content repository and a store of datasets made of the project's
# own files, in a scratch folder. Each check is called with the program and the project's root.
set -euo pipefail
escudo=$(realpath "$1")
root=$(realpath "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1

. "$root/tests/expect.sh"

wmi=0661c2de-93de-11ec-9833-acde48001122
dataset=datasets/attack_techniques/T1047/atomic_red_team/windows-sysmon.log

# The first detection, with its test, and its dataset in the writer's words.
make_world() {
  mkdir -p content/detections/endpoint content/macros "data/$(dirname $dataset)"
  cp "$root/content/detections/windows_wmi_process_call_create.yml" content/detections/endpoint/wmi.yml
  cp "$root"/content/macros/*.yml content/macros/
  cp "$root/fixtures/logs/xml/wmi_process_call_create.log" "data/$dataset"
}

# variant NAME SED: another detection, made of the first.
variant() {
  local rule=content/detections/endpoint/wmi.yml
  while IFS= read -r line; do
    case $line in
      name:\ *) echo "name: '$1'" ;;
      id:\ *) echo "id: 'id-$1'" ;;
      *) printf '%s\n' "$line" ;;
    esac
  done <"$rule" | sed -e "$2" >"content/detections/endpoint/${1//[^a-z]/_}.yml"
}

run_test() { "$escudo" test --rules content --data data --offline "$@"; }
