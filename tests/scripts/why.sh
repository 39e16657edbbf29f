#!/usr/bin/env bash
# What `free` offers, the gate accepts; where `why` sees no clash, it does too, and where it names one, it refuses.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db

sample_city "$db" 400
expect 0 "$litang" --db "$db" sessions --format csv
tail -n +2 "$work/out" | cut -d, -f1,12,13 > "$work/sessions"

# Offers for ten sessions, each tried; same leader and room, so that one move does it.
tried=0
for id in $(cut -d@ -f1 "$work/sessions" | sed 's/^s-//' | sort -n | head -n 40); do
  room=$(grep "^s-$id@" "$work/sessions" | cut -d, -f2)
  leader=$(grep "^s-$id@" "$work/sessions" | cut -d, -f3)
  got=0
  "$litang" --db "$db" free "$id" --room "$room" --instructor "$leader" --format csv --max 3 > "$work/offers" 2> "$work/err" || got=$?
  if [ "$got" != 0 ]; then continue; fi
  while IFS=, read -r date start _ _ _ in_room by _ _ needs _; do
    [ "$in_room" = "$room" ] && [ "$by" = "$leader" ] || fail "another room or leader than asked for"
    [ "$needs" = "" ] || fail "an offer that breaks a rule: $needs"
    expect 0 "$litang" --db "$db" why "$id" --date "$date" --start "$start"
    expect 0 "$litang" --db "$db" move "$id" --date "$date" --start "$start" --alone --dry-run
    tried=$((tried + 1))
  done < <(tail -n +2 "$work/offers")
done
[ "$tried" -ge 30 ] || fail "only $tried offers"

# At three in the morning no hall is open: both say so.
id=$(cut -d@ -f1 "$work/sessions" | sed 's/^s-//' | sort -n | head -n 1)
expect 1 "$litang" --db "$db" why "$id" --start 03:00
grep -q 'opening-hours\|availability' "$work/err" || fail "no reason named"
expect 1 "$litang" --db "$db" move "$id" --start 03:00 --alone --dry-run

# A session and a request explain themselves in both languages; a request that nobody can meet is a finding.
expect 0 "$litang" --db "$db" why "$id"
grep -q '为何是此人' "$work/out" || fail "no Chinese sentence"
grep -q 'why this person' "$work/out" || fail "no English sentence"
expect 0 "$litang" --db "$db" diff sample --refused
refused=$(sed -n 's/.*（点单 \([^）]*\)）.*/\1/p' "$work/out" "$work/err" | head -n 1)
[ -n "$refused" ] || fail "the sample city has requests that cannot be met"
expect 1 "$litang" --db "$db" why "$refused"
grep -q "点单 $refused" "$work/out" || fail "the request is not named"

# A request's id may begin like a number.
sqlite3 "$db" "INSERT INTO request (id, hall_id, course_id, from_date, to_date) SELECT '2027-0012', hall_id, course_id, from_date, to_date FROM request WHERE hall_id IS NOT NULL LIMIT 1"
"$litang" --db "$db" why 2027-0012 > "$work/out" 2> "$work/err" || true
grep -q '点单 2027-0012' "$work/out" || fail "why of a request with a number: $(cat "$work/out" "$work/err")"

# Bad use is told.
expect 2 "$litang" --db "$db" free
expect 2 "$litang" --db "$db" free --course NOBODY --hall NOWHERE
expect 2 "$litang" --db "$db" why NOBODY
expect 2 "$litang" --db "$db" why "$refused" --date 2027-05-05
grep -q '只用于场次' "$work/err" || fail "a request and a place: $(cat "$work/err")"
expect 2 "$litang" --db "$db" free "$id" --request "$refused"
expect 2 "$litang" --db "$db" free "$id" --overrides room-overlap
