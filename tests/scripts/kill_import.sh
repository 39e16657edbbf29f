#!/usr/bin/env bash
# kill −9 of `litang import` of a ledger at 50 random moments: none of its rows or all, never between.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
expect 0 "$litang" --db "$db" init
expect 0 "$litang" --db "$db" demo --seed 5 --sessions 3000
# One past session in every hall, with its head count; no two can meet.
{
  echo '礼堂编号,课程编号,日期,时间,人数'
  sqlite3 -separator , "$db" "SELECT h.id, (SELECT id FROM course ORDER BY id LIMIT 1),
    date('2024-01-01', (row_number() OVER (ORDER BY h.id) % 300) || ' days'), '14:00-15:30',
    row_number() OVER (ORDER BY h.id) % 90 + 10 FROM hall h"
} > "$work/ledger.csv"
rows=$(($(wc -l < "$work/ledger.csv") - 1))
[ "$rows" -ge 500 ] || fail "a ledger of $rows rows"
sqlite3 "$db" 'PRAGMA wal_checkpoint(TRUNCATE)' > "$work/out"
old=$(sqlite3 "$db" 'SELECT max(id) FROM revision')

# How long a whole import takes, so that the moments spread over it and a little past it.
cp "$db" "$work/whole.db"
begun=$(date +%s%N)
expect 0 "$litang" --db "$work/whole.db" import "$work/ledger.csv"
whole_us=$((($(date +%s%N) - begun) / 1000))
[ "$(sqlite3 "$work/whole.db" 'SELECT count(*) FROM session')" = "$rows" ] || fail "not all rows went in"

RANDOM=51
olds=0 news=0
for round in $(seq 1 50); do
  rm -f "$work"/try.db*
  cp "$db" "$work/try.db"
  "$litang" --db "$work/try.db" import "$work/ledger.csv" > "$work/out" 2> "$work/err" &
  pid=$!
  delay_us=$(((RANDOM * 32768 + RANDOM) % (whole_us * 13 / 10)))
  sleep "$(printf '%d.%06d' $((delay_us / 1000000)) $((delay_us % 1000000)))"
  kill -9 $pid 2> /dev/null || true
  wait $pid 2> /dev/null || true
  [ "$(sqlite3 "$work/try.db" 'PRAGMA integrity_check')" = ok ] || fail "round $round: the file is damaged"
  state=$(sqlite3 "$work/try.db" 'SELECT (SELECT max(id) FROM revision), (SELECT count(*) FROM session),
    (SELECT count(*) FROM attendance)')
  case "$state" in
    "$old|0|0") olds=$((olds + 1)) ;;
    "$((old + 1))|$rows|$rows") news=$((news + 1)) ;;
    *) fail "round $round: between: $state" ;;
  esac
done
echo "killed 50 times: none of $rows rows $olds times, all of them $news times"
[ $olds -gt 0 ] || fail "no kill came before the commit: the test did not test"

# What was killed can simply be done again, and again changes nothing.
expect 0 "$litang" --db "$work/try.db" import "$work/ledger.csv"
expect 0 "$litang" --db "$work/try.db" import "$work/ledger.csv"
[ "$(sqlite3 "$work/try.db" 'SELECT count(*) FROM session')" = "$rows" ] || fail "imported again, there are more"
