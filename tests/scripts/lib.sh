# tests/scripts/lib: what the program tests share. Sourced: `. "$(dirname "$0")/lib.sh" "$@"`.
litang=$1
source_dir=$2
work=$(mktemp -d)
export LITANG_ACTOR=test LITANG_NOW=2026-11-23T01:00:00Z
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect CODE COMMAND…: runs it, output in $work/out and $work/err, and compares the exit code.
expect() {
  local wanted=$1 got=0
  shift
  "$@" > "$work/out" 2> "$work/err" || got=$?
  if [ "$got" != "$wanted" ]; then
    tail -n 30 "$work/out" "$work/err" >&2
    fail "exit $got, not $wanted: $*"
  fi
}

# value KEY FILE: the second word of the line that begins with KEY.
value() {
  awk -v key="$1" '$1 == key { print $2; exit }' "$2"
}

# sample_city DB SESSIONS: a planned and published sample year.
sample_city() {
  expect 0 "$litang" --db "$1" init
  expect 0 "$litang" --db "$1" demo --seed 7 --sessions "$2"
  expect 0 "$litang" --db "$1" plan --name sample --seconds 60 --iterations 20000
  expect 0 "$litang" --db "$1" publish sample
}

# install_clients: the packages of tests/clients and the scripts that use them, in $work.
install_clients() {
  cp "$source_dir"/tests/clients/package*.json "$source_dir"/tests/scripts/feed_*.js "$work/"
  (cd "$work" && npm ci --no-audit --no-fund --prefer-offline --ignore-scripts) > "$work/npm.log" 2>&1 || {
    tail -n 5 "$work/npm.log" >&2
    fail "npm ci"
  }
}

# start_server DB [ENVIRONMENT…]: the daemon on a free port; sets $server and $address.
start_server() {
  env "${@:2}" "$litang" --db "$1" serve --listen 127.0.0.1:0 > "$work/serve.out" 2> "$work/serve.err" &
  server=$!
  address=
  for _ in $(seq 300); do
    address=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/serve.out" | head -n 1 || true)
    [ -n "$address" ] && return
    kill -0 "$server" 2> /dev/null || fail "serve ended: $(cat "$work/serve.err")"
    sleep 0.1
  done
  fail "no address within 30 s"
}
