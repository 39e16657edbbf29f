#!/usr/bin/env bash
# One session at a time by hand: what is refused, and what is done and said.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
sample_city "$db" 300
run=("$litang" --db "$db")
sql() { sqlite3 "$db" "$1"; }
said() { grep -qF -- "$1" "$work/err" || fail "not said: $1: $(cat "$work/err")"; }
unsaid() { if grep -qF -- "$1" "$work/err"; then fail "said: $(cat "$work/err")"; fi; }

# Where a reason is read.
expect 0 "${run[@]}" cancel --help
grep -q '公开显示在网页和日历中' "$work/out" && grep -q 'shown on pages and in calendars' "$work/out" || fail "cancel: where is its reason shown?"
expect 0 "${run[@]}" move --help
if grep -q '公开' "$work/out"; then fail "the reason of a move is not public"; fi

# A booking for a request is of its course and in its hall; more than was asked for is said.
read -r request course hall sessions room <<< "$(sql "SELECT q.id, q.course_id, q.hall_id, q.sessions, r.id FROM request q
  JOIN session s ON s.request_id = q.id JOIN room r ON r.id = s.room_id WHERE q.hall_id <> '' AND q.is_series = 0 ORDER BY q.id LIMIT 1" | tr '|' ' ')"
read -r teacher day start <<< "$("${run[@]}" free --request "$request" --room "$room" --max 1 --format csv 2> "$work/err" | awk -F, 'NR == 2 { print $7, $1, $2 }')"
other_course=$(sql "SELECT course_id FROM qualification WHERE instructor_id = '$teacher' AND course_id <> '$course' ORDER BY 1 LIMIT 1")
other_room=$(sql "SELECT id FROM room WHERE hall_id <> '$hall' ORDER BY id LIMIT 1")
book=("${run[@]}" book --date "$day" --start "$start" --instructor "$teacher" --request "$request")
expect 2 "${book[@]}" --course "$other_course" --room "$room"
said "点单 $request 要的是《$(sql "SELECT name FROM course WHERE id = '$course'")》，不是《$(sql "SELECT name FROM course WHERE id = '$other_course'")》"
expect 2 "${book[@]}" --course "$course" --room "$other_room"
said "点单 $request 要的是$(sql "SELECT name FROM hall WHERE id = '$hall'")，不是$(sql "SELECT h.name FROM hall h JOIN room r ON r.hall_id = h.id WHERE r.id = '$other_room'")"
expect 0 "${book[@]}" --course "$course" --room "$room"
said "点单 $request 只要 $sessions 场，连同这一场已有 $((sessions + 1)) 场"

# A person may leave the window or go back in time; it is said, and done.
to=$(sql "SELECT to_date FROM request WHERE id = '$request'")
id=$(sql "SELECT id FROM session WHERE request_id = '$request' ORDER BY id LIMIT 1")
free() { "${run[@]}" free "$id" --room "$room" --per-day 0 --max 500 --format csv "$@" 2> "$work/err" | tr -d '\r' || true; }
inside=$(free | awk -F, 'NR > 1 && $11 == 0 { print $1, $2, $7; exit }')
read -r day start teacher <<< "$inside"
expect 0 "${run[@]}" reassign "$id" --to "$teacher"
expect 0 "${run[@]}" move "$id" --date "$day" --start "$start"
unsaid 注意
outside=$(free --instructor "$teacher" --from "$(date -d "$to + 1 day" +%F)" --to "$(date -d "$to + 60 days" +%F)" | awk -F, 'NR > 1 { print $1, $2, $11; exit }')
read -r day start mark <<< "$outside"
[ "$mark" = 1 ] || fail "a day outside the window is not marked: $outside"
expect 0 "${run[@]}" free "$id" --instructor "$teacher" --from "$day" --to "$day"
grep -q '超出点单的时间范围' "$work/out" && grep -q 'outside the ordered window' "$work/out" || fail "free: $(cat "$work/out")"
expect 0 "${run[@]}" move "$id" --date "$day" --start "$start"
said "$day 不在点单 $request 的时间范围"
said 'outside the ordered window'
unsaid 已经过去
past=$(free --instructor "$teacher" --from 2026-09-01 --to 2026-11-20 | awk -F, 'NR > 1 { print $1, $2; exit }')
read -r day start <<< "$past"
expect 0 "${run[@]}" move "$id" --date "$day" --start "$start"
said "注意：$day 已经过去"

# Without being told where to look, nothing is offered before today.
expect 0 "${run[@]}" cancel "$id"
next=$(sql "SELECT id FROM session WHERE status <> 'CANCELLED' ORDER BY date, id LIMIT 1")
LITANG_NOW=$(sql "SELECT date FROM session WHERE id = $next")T01:00:00Z expect 0 "${run[@]}" free "$next" --per-day 0 --max 500 --format csv
[ "$(awk -F, 'NR > 1 { print $1 }' "$work/out" | sort | head -n 1)" \> "$(date -d "$(sql "SELECT date FROM session WHERE id = $next") - 1 day" +%F)" ] ||
  fail "a day that is past is offered"

# A cancelled session stays where it was until it is held again.
expect 2 "${run[@]}" move "$id" --start 09:00
said "场次 $id 已停课，不能改动；请先恢复"
expect 2 "${run[@]}" reassign "$id" --to "$(sql "SELECT id FROM instructor ORDER BY id LIMIT 1")"
said 'move --lift'
expect 0 "${run[@]}" pin "$id"
expect 0 "${run[@]}" cancel "$id" --lift
expect 0 "${run[@]}" pin "$id" --off

expect 0 "${run[@]}" check

# Held again elsewhere, or by somebody else, in one step: its own place, or its teacher, is not to be had.
read -r day hall <<< "$(sql "SELECT s.date, r.hall_id FROM session s JOIN room r ON r.id = s.room_id WHERE s.id = $id" | tr '|' ' ')"
for teacher in $(sql "SELECT instructor_id FROM qualification WHERE course_id = (SELECT course_id FROM session WHERE id = $id) ORDER BY 1"); do
  free --instructor "$teacher"
done | awk -F, -v day="$day" '$1 ~ /^2/ && $1 > day { print $1, $2, $7 }' > "$work/places"
read -r later start teacher other <<< "$(awk '{ at = $1 " " $2 } at in who && who[at] != $3 { print at, who[at], $3; exit } { who[at] = $3 }' "$work/places")"
expect 0 "${run[@]}" reassign "$id" --to "$teacher"
expect 0 "${run[@]}" cancel "$id"
expect 0 "${run[@]}" close --hall "$hall" --from "$day" --to "$day" --reason 修缮
expect 1 "${run[@]}" cancel "$id" --lift
expect 2 "${run[@]}" move "$id" --lift
expect 2 "${run[@]}" move "$id" --date "$later" --start "$start"
expect 0 "${run[@]}" move "$id" --date "$later" --start "$start" --lift
[ "$(sql "SELECT status, date FROM session WHERE id = $id")" = "CONFIRMED|$later" ] || fail "not held again"
expect 0 "${run[@]}" cancel "$id"
expect 0 "${run[@]}" absent "$teacher" --from "$later" --to "$later"
expect 1 "${run[@]}" cancel "$id" --lift
expect 0 "${run[@]}" reassign "$id" --to "$other" --lift
[ "$(sql "SELECT status FROM session WHERE id = $id")" = CONFIRMED ] || fail "not held again"
