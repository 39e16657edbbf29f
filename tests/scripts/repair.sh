#!/usr/bin/env bash
# A typhoon and an absence: named, mended with a draft that touches nothing else, published, and no clash is left.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
sample_city "$db" 3000
expect 0 "$litang" --db "$db" sessions --format csv
cp "$work/out" "$work/before.csv"

# The three days of the busiest week, in the county with most sessions then.
day=$(sqlite3 "$db" "SELECT date(date, '-1 day') FROM session GROUP BY strftime('%W', date) ORDER BY count(*) DESC, min(date) LIMIT 1")
county=$(sqlite3 "$db" "SELECT v.id FROM session s JOIN room r ON r.id = s.room_id JOIN hall h ON h.id = r.hall_id
  JOIN area a ON a.id = h.area_id JOIN area t ON t.id = a.parent_id JOIN area v ON v.id = t.parent_id
  WHERE s.date BETWEEN '$day' AND date('$day', '+2 days') AND v.level = 'county' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
to=$(sqlite3 "$db" "SELECT date('$day', '+2 days')")
expect 2 "$litang" --db "$db" close --area "$county" --from "$day" --to "$to" --reason 台风 --repair --dry-run
expect 0 "$litang" --db "$db" close --area "$county" --from "$day" --to "$to" --reason 台风 --repair --name typhoon
hit=$(value hit "$work/out")
[ "$hit" -ge 3 ] || fail "only $hit sessions hit"
grep -qx 'cancelled 0' "$work/out" || fail "a session was cancelled though there is room"
grep -qx 'left broken 0' "$work/out" || fail "something is left broken"
neighbours=$(awk '$1 == "neighbours" { print $3 }' "$work/out")
expect 1 "$litang" --db "$db" check
expect 0 "$litang" --db "$db" publish typhoon
[ "$(value updated "$work/out")" = $((hit + neighbours)) ] || fail "published $(cat "$work/out"), hit $hit"
expect 0 "$litang" --db "$db" check

# Nothing else has changed but what stood in the county on those days.
expect 0 "$litang" --db "$db" sessions --format csv
diff "$work/before.csv" "$work/out" | grep '^<' | cut -d, -f3 | sort -u > "$work/days" || true
while read -r date; do
  if [[ "$date" < "$day" || "$date" > "$to" ]] && [ "$neighbours" = 0 ]; then fail "a session of $date was touched"; fi
done < "$work/days"

# Mended is mended: no draft any more.
expect 0 "$litang" --db "$db" plan --repair --name again
[ "$(value hit "$work/out")" = 0 ] || fail "hit again"
expect 2 "$litang" --db "$db" diff again

# What is undone needs no mending: the draft that was made for it goes, too, and cannot be published.
hall=$(sqlite3 "$db" "SELECT r.hall_id FROM session s JOIN room r ON r.id = s.room_id WHERE s.date >= '2027-06-01' AND s.request_id IS NOT NULL ORDER BY s.date LIMIT 1")
close_hall() { "$litang" --db "$db" close --hall "$hall" --from 2027-06-01 --to 2027-06-30 --reason 装修 --repair "$@"; }
expect 0 close_hall
grep -qx 'plan repair' "$work/out" || fail "the draft is not called repair"
expect 0 "$litang" --db "$db" undo
expect 0 "$litang" --db "$db" plan --repair
grep -q '^plan ' "$work/out" && fail "a plan is named, but there is none"
grep -q '没有可改动的场次' "$work/err" || fail "nothing says that there is no draft"
expect 2 "$litang" --db "$db" diff repair
expect 2 "$litang" --db "$db" publish repair

# The next repair of a year takes the next name; a name that is taken is refused before anything is committed.
expect 0 close_hall
expect 0 "$litang" --db "$db" publish repair
revision=$(sqlite3 "$db" "SELECT max(id) FROM revision")
person=$(sqlite3 "$db" "SELECT instructor_id FROM session_instructor GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 OFFSET 1")
expect 2 "$litang" --db "$db" close --hall "$hall" --from 2027-07-01 --to 2027-07-31 --reason 装修 --repair --name repair
expect 2 "$litang" --db "$db" absent "$person" --from 2027-07-01 --to 2027-07-31 --repair --name repair
expect 2 "$litang" --db "$db" plan --repair --name repair
[ "$(sqlite3 "$db" "SELECT max(id) FROM revision")" = "$revision" ] || fail "refused, but committed all the same"
expect 0 "$litang" --db "$db" absent "$person" --from 2027-07-01 --to 2027-07-31 --repair
grep -qx 'plan repair-2' "$work/out" || fail "the second draft is not called repair-2"
expect 0 "$litang" --db "$db" publish repair-2
expect 0 "$litang" --db "$db" check

# An absence: somebody else comes; a frozen year leaves it to a person.
person=$(sqlite3 "$db" "SELECT instructor_id FROM session_instructor GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
expect 0 "$litang" --db "$db" absent "$person" --from 2027-03-01 --to 2027-04-30 --reason 病假
expect 1 "$litang" --db "$db" plan --repair --freeze-days 400
[ "$(value hit "$work/out")" = 0 ] || fail "frozen sessions were taken"
[ "$(awk '/^left broken/ { print $3 }' "$work/out")" -ge 3 ] || fail "the frozen ones are not named"
expect 0 "$litang" --db "$db" plan --repair --name ill
expect 0 "$litang" --db "$db" publish ill
expect 0 "$litang" --db "$db" check
[ "$(sqlite3 "$db" "SELECT count(*) FROM session s LEFT JOIN series r ON r.id = s.series_id WHERE s.series_exception = 1 AND r.id IS NULL")" = 0 ] ||
  fail "an exception without its series"

# An urgent request that cannot be placed is refused with the reason: here its window is past.
sqlite3 "$db" "INSERT INTO request (id, hall_id, course_id, sessions, from_date, to_date) SELECT 'past', hall_id, course_id, 1, '2026-01-01', '2026-02-28' FROM request WHERE hall_id IS NOT NULL LIMIT 1"
expect 1 "$litang" --db "$db" plan --repair --request past
grep -q '点单 past.*希望的日期' "$work/err" || fail "no reason for the request that is past"
grep -qx 'created 0' "$work/out" || fail "placed outside its window"

# Wrong use.
expect 2 "$litang" --db "$db" plan --freeze-days 3
expect 2 "$litang" --db "$db" plan --repair --request nobody
expect 2 "$litang" --db "$db" plan --repair --replan
expect 2 "$litang" --db "$db" plan --repair --seconds 10
expect 2 "$litang" --db "$db" plan --repair --iterations 1000
expect 2 "$litang" --db "$db" close --hall "$hall" --from 2027-07-01 --reason 装修 --name x
expect 2 "$litang" --db "$db" absent "$person" --from 2027-07-01 --freeze-days 3
# Blanks beside the commas are no part of an id.
two=$(sqlite3 "$db" "SELECT group_concat(id, ' , ') FROM (SELECT id FROM request ORDER BY id LIMIT 2)")
expect 0 "$litang" --db "$db" plan --repair --request " $two "
# Bounds stand under each plan, and the plan does not pass them.
expect 0 "$litang" --db "$db" plan --iterations 1000 --name bounds
most=$(awk '/^bound placed/ { print $4 }' "$work/out")
[ "$(value placed "$work/out")" -le "$most" ] || fail "placed more than the bound $most"
grep -q '^bound travel >= ' "$work/out" || fail "no bound on travel"
grep -q '自相矛盾' "$work/err" || fail "contradictions are not named"
