#!/usr/bin/env bash
# kill −9 of `litang publish` at 50 random moments: the old revision or the new one, never between.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
expect 0 "$litang" --db "$db" init
expect 0 "$litang" --db "$db" demo --seed 5 --sessions 3000
expect 0 "$litang" --db "$db" plan --name sample --seconds 60 --iterations 10000
sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' > "$work/out"
old=$(sqlite3 "$db" 'SELECT max(id) FROM revision')

# How long a whole publish takes, so that the moments spread over it and a little past it.
cp "$db" "$work/whole.db"
begun=$(date +%s%N)
expect 0 "$litang" --db "$work/whole.db" publish sample
whole_us=$((($(date +%s%N) - begun) / 1000))
all=$(sqlite3 "$work/whole.db" 'SELECT count(*) FROM session')
[ "$all" -ge 3000 ] || fail "published $all sessions"

RANDOM=50
olds=0 news=0
for round in $(seq 1 50); do
  rm -f "$work"/try.db*
  cp "$db" "$work/try.db"
  "$litang" --db "$work/try.db" publish sample > "$work/out" 2> "$work/err" &
  pid=$!
  delay_us=$(((RANDOM * 32768 + RANDOM) % (whole_us * 13 / 10)))
  sleep "$(printf '%d.%06d' $((delay_us / 1000000)) $((delay_us % 1000000)))"
  kill -9 $pid 2> /dev/null || true
  wait $pid 2> /dev/null || true
  [ "$(sqlite3 "$work/try.db" 'PRAGMA integrity_check')" = ok ] || fail "round $round: the file is damaged"
  state=$(sqlite3 "$work/try.db" "SELECT (SELECT max(id) FROM revision) || ' ' || (SELECT count(*) FROM session) || ' ' ||
    (SELECT count(*) FROM session WHERE lifted) || ' ' ||
    (SELECT count(*) FROM session s WHERE NOT EXISTS (SELECT 1 FROM session_instructor i WHERE i.session_id=s.id))")
  case "$state" in
    "$old 0 0 0") olds=$((olds + 1)) ;;
    "$((old + 1)) $all 0 0") news=$((news + 1)) ;;
    *) fail "round $round: between: $state" ;;
  esac
  expect 0 "$litang" --db "$work/try.db" check
done
echo "killed 50 times: the old revision $olds times, the new one $news times"
[ $olds -gt 0 ] || fail "no kill came before the commit: the test did not test"
