#!/usr/bin/env bash
# The pages of web/: types, functions, and the coverage page in Chromium against a daemon with a sample city. With
# LITANG_SHOTS=FOLDER pictures of the pages are left there.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  echo "SKIPPED: node is not installed"
  exit 0
fi
servers=()
asked=
trap '[ ${#servers[@]} = 0 ] || kill -9 "${servers[@]}" 2> /dev/null || true; rm -rf "$work"' EXIT

# start DB: runs a daemon on a free port; $address is what it prints.
start() {
  "$litang" --db "$1" serve --listen 127.0.0.1:0 > "$1.out" 2> "$1.err" &
  servers+=($!)
  for _ in $(seq 300); do
    address=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$1.out" | head -n 1 || true)
    [ -n "$address" ] && return
    sleep 0.1
  done
  fail "no address within 30 s: $(cat "$1.err")"
}

# The build has installed the packages, unless it was done without pages.
web=$source_dir/web
if [ "$(cat "$web/node_modules/.litang-lock" 2> /dev/null)" != "$(sha256sum "$web/package-lock.json" | cut -d' ' -f1)" ]; then
  (cd "$web" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline) > "$work/npm.log" 2>&1 || fail "npm ci: $(tail -n 5 "$work/npm.log")"
fi
if grep -n '"resolved"' "$web/package-lock.json"; then fail "the lock file names a registry"; fi
(cd "$web" && node node_modules/typescript/bin/tsc --noEmit && node node_modules/vitest/vitest.mjs run --reporter dot)

db=$work/city.db
sample_city "$db" 1000
start "$db"
curl --silent --show-error --fail "$address/coverage" > "$work/coverage.html"
if ! grep -q 'src="/assets/coverage-' "$work/coverage.html"; then
  grep -q '^LITANG_WEB:BOOL=OFF' "$(dirname "$litang")/CMakeCache.txt" || fail "the program has no pages, though node is here"
  echo "SKIPPED: built with LITANG_WEB=OFF, no browser test"
  exit 0
fi
city=$address
expect 0 "$litang" --db "$work/empty.db" init
start "$work/empty.db"

# What the command line says, as the API must say it: query, then the rate and both numbers out of the sentence.
report() {
  local query=${1//&/\\&}
  shift
  expect 0 "$litang" --db "$db" report coverage "$@"
  sed -n "s#^coverage \([0-9.–]*\)[ %]*(\([0-9]*\) of \([0-9]*\);.*#{\"query\":\"$query\",\"rate\":\"\1\",\"numerator\":\2,\"denominator\":\3}#p" "$work/out"
}
county=$(sqlite3 "$db" "SELECT id FROM area WHERE level='county' ORDER BY id LIMIT 1")
{
  report ""
  for definition in halls-planned halls-held halls-paired villages townships; do
    report "?definition=$definition" --definition "$definition"
  done
  report "?minimum=3" --minimum 3
  report "?area=$county" --area "$county"
  report "?from=2027-01-01&to=2027-03-31" --from 2027-01-01 --to 2027-03-31
} > "$work/lines"
[ "$(wc -l < "$work/lines")" = 9 ] || fail "the sentences of report coverage: $(cat "$work/lines")"
{ echo '['; paste -sd, "$work/lines"; echo ']'; } > "$work/reports.json"

session=$(sqlite3 "$db" "SELECT min(id) FROM session WHERE status <> 'CANCELLED'")
node "$web/tests/browser/coverage.mjs" "$city" "$address" "$work/reports.json" "${LITANG_SHOTS:-}" \
  "$litang" --db "$db" cancel "$session" --reason 停电

# Slow answers are made by workers: many at once are answered or refused, feeds and commits go on, and the daemon still
# ends well while some are in flight.
for minimum in $(seq 2 120); do
  curl --silent --output /dev/null --max-time 60 --write-out '%{http_code} %header{retry-after}\n' "$city/api/coverage?minimum=$minimum" &
  asked+=" $!"
done > "$work/codes"
curl --silent --fail --output /dev/null --max-time 5 "$city/health" || fail "the loop waits for workers"
# shellcheck disable=SC2086
wait $asked || fail "a slow request was not answered"
sort "$work/codes" | uniq -c
[ "$(grep -cE '^(200 |503 5)$' "$work/codes")" = 119 ] || fail "slow answers" # who is refused may ask again in 5 s
[ "$(grep -c 200 "$work/codes")" -ge 60 ] || fail "too few slow answers" # LIMIT_ERRANDS
for minimum in $(seq 200 260); do
  curl --silent --output /dev/null --max-time 60 "$city/api/coverage?minimum=$minimum" &
done
kill -TERM "${servers[0]}"
got=0
wait "${servers[0]}" || got=$?
[ "$got" = 0 ] || fail "serve ended with $got: $(cat "$db.err")"
wait $(jobs -p | grep -vxF "${servers[1]}") 2> /dev/null || true
unset 'servers[0]'
