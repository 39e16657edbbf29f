#!/usr/bin/env bash
# Drafts through a year: names that are free, drafts that are not lost unsaid, days that are right by default.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
expect 0 "$litang" --db "$db" init
expect 1 "$litang" --db "$db" plan --iterations 10
expect 0 "$litang" --db "$db" demo --seed 7 --sessions 300
plan() { "$litang" --db "$db" --actor "${who:-示例甲}" plan --seconds 60 --iterations 2000 "$@"; }

# A draft of the same name is replaced, but not unsaid.
expect 0 plan
grep -qx 'plan draft' "$work/out" || fail "the first draft is not called draft"
grep -q '替换' "$work/err" && fail "nothing was there to replace"
who=示例乙 expect 0 plan
grep -q '替换了 示例甲 .*“draft”' "$work/err" || fail "not said that another's draft was replaced"

# Which one is published has to be said where there are two; both are listed.
expect 0 plan --name 第二
expect 2 "$litang" --db "$db" publish
grep -q '第二, draft' "$work/err" || fail "the open drafts are not named"
expect 0 "$litang" --db "$db" diff --list
[ "$(cut -f1,6 "$work/out" | tr '\t\n' ' ;')" = '第二 draft;draft draft;' ] || fail "listed: $(cat "$work/out")"
expect 2 "$litang" --db "$db" diff --list draft
expect 0 "$litang" --db "$db" publish draft
created=$(value created "$work/out")

# What was published is no longer to be done.
expect 0 "$litang" --db "$db" diff draft
grep -q '已发布为版本' "$work/err" || fail "a published plan looks as if it were open"
expect 0 "$litang" --db "$db" diff --list
grep -q "^draft	.*	$created changes	published [0-9]*$" "$work/out" || fail "listed: $(cat "$work/out")"

# The next one takes the next name; a taken one is refused before anything is searched for.
expect 0 plan --seed 2
grep -qx 'plan draft-2' "$work/out" || fail "the next draft is called $(value plan "$work/out")"
expect 2 timeout 30 "$litang" --db "$db" plan --name draft --seconds 3600
expect 2 timeout 30 "$litang" --db "$db" plan --name "$(printf 'x%.0s' {1..100})" --seconds 3600

# A draft that changes nothing is no revision, and what it would replace is not lost by it.
revision=$(sqlite3 "$db" "SELECT max(id) FROM revision")
expect 0 "$litang" --db "$db" diff draft-2
grep -q 'create 0, move 0, cancel 0' "$work/out" || fail "all was placed, yet $(cat "$work/out")"
expect 0 "$litang" --db "$db" publish draft-2
grep -q '没有改动' "$work/err" || fail "nothing says that nothing changed"
[ "$(sqlite3 "$db" "SELECT max(id) FROM revision")" = "$revision" ] || fail "an empty draft made a revision"

# A room of the same hall is a difference.
session=$(sqlite3 "$db" "SELECT s.id FROM session s JOIN room r ON r.id = s.room_id WHERE s.series_id IS NULL
  AND (SELECT count(*) FROM room o WHERE o.hall_id = r.hall_id) > 1 ORDER BY s.id LIMIT 1")
room=$(sqlite3 "$db" "SELECT r.name FROM session s JOIN room r ON r.id = s.room_id WHERE s.id = $session")
id=$(sqlite3 "$db" "SELECT room_id FROM session WHERE id = $session")
date=$(sqlite3 "$db" "SELECT date FROM session WHERE id = $session")
expect 0 "$litang" --db "$db" close --room "$id" --from "$date" --to "$date" --reason 漏水 --repair --name leak
expect 0 "$litang" --db "$db" diff leak
grep -q "\[$session\] ← .* $room " "$work/out" || fail "the room is not named: $(cat "$work/out")"

# Days: none beyond what a plan may have, and not backwards.
expect 2 plan --to 2026-01-01
grep -q '末日 2026-01-01 早于首日 2027-01-01' "$work/err" || fail "$(cat "$work/err")"
sqlite3 "$db" "UPDATE request SET to_date = '2031-06-30' WHERE id = (SELECT min(id) FROM request)"
expect 0 plan --name long
grep -q '只排到 2029-12-31' "$work/err" || fail "$(cat "$work/err")"

# What is past is not silently left out.
sqlite3 "$db" "UPDATE request SET from_date = '2026-01-01', to_date = '2026-02-01' WHERE id = (SELECT max(id) FROM request)"
sqlite3 "$db" "UPDATE session SET status = 'CANCELLED' WHERE request_id = (SELECT max(id) FROM request)"
expect 0 plan --name past
grep -q '另有 1 份未排满的点单在 2026-11-23 前已到期' "$work/err" || fail "$(cat "$work/err")"

# Asked to end, a search keeps the best that it has.
"$litang" --db "$db" plan --replan --name kept --seconds 600 > "$work/out" 2> "$work/err" &
search=$!
for _ in $(seq 300); do # until it is ready to be asked
  caught=$(awk '$1 == "SigCgt:" { print $2 }' "/proc/$search/status")
  [ $((16#$caught & 16#4000)) -ne 0 ] && break
  sleep 0.1
done
kill -TERM "$search"
wait "$search" || fail "SIGTERM: exit $?"
grep -qx 'plan kept' "$work/out" || fail "SIGTERM: $(cat "$work/out" "$work/err")"
