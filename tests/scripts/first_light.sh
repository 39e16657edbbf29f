#!/usr/bin/env bash
# A year from nothing to published, without a clash; an overlap forced in behind litang's back is found; the triggers
# refuse it otherwise; bad use is told.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db

sample_city "$db" 10000
expect 0 "$litang" --db "$db" check
[ "$(value clashes "$work/out")" = 0 ] || fail "clashes"
sessions=$(value sessions "$work/out")
[ "$sessions" -ge 10000 ] || fail "only $sessions sessions"

# Every request that is not met is named with a reason.
expect 0 "$litang" --db "$db" --lang zh diff sample --refused
[ "$(grep -c '^! ' "$work/out")" -gt 0 ] || fail "the sample city has requests that cannot be met"
if grep '^! ' "$work/out" | grep -qvE '：|，'; then fail "a refusal without a reason"; fi

# The list of sessions: the contract's columns, one row a session.
expect 0 "$litang" --db "$db" sessions --format csv
head -n 1 "$work/out" | grep -q '^uid,status,date,start,end,tzid,county,township_code,township,hall_id,hall,room_id,instructor_id,instructor,course_id,course,category,request_id,series_id,sequence,last_modified' ||
  fail "columns: $(head -n 1 "$work/out")"
[ "$(tail -n +2 "$work/out" | wc -l)" = "$sessions" ] || fail "rows"
[ "$(tail -n +2 "$work/out" | cut -d, -f1 | sort -u | wc -l)" = "$sessions" ] || fail "UIDs are not unique"

# With the triggers in place an overlap is refused, to anybody.
columns='course_id,room_id,date,start_min,minutes,setup_min,clear_min,status,request_id,created_at,changed_at'
first=$(sqlite3 "$db" "SELECT id FROM session WHERE series_id IS NULL ORDER BY id LIMIT 1")
if sqlite3 "$db" "INSERT INTO session($columns) SELECT $columns FROM session WHERE id=$first" 2> "$work/err"; then
  fail "the trigger let an overlap in"
fi
grep -q 'room-overlap' "$work/err" || fail "the trigger says: $(cat "$work/err")"

# Without them `check` finds it and names both.
sqlite3 "$db" "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type='trigger' AND tbl_name='session'" | sqlite3 "$db"
second=$(sqlite3 "$db" "INSERT INTO session($columns) SELECT $columns FROM session WHERE id=$first; SELECT last_insert_rowid();")
expect 1 "$litang" --db "$db" check
grep 'room-overlap' "$work/err" | grep -qw "$second" || fail "session $second is not named"
grep 'room-overlap' "$work/err" | grep -qw "$first" || fail "session $first is not named"

# Wrong use: exit 2 and a sentence.
expect 2 "$litang" --db "$db" sesions
grep -qx '也许是 / perhaps: litang sessions' "$work/err" || fail "no likely command: $(cat "$work/err")"
expect 2 "$litang" --db "$db" improt halls.csv
grep -qx '也许是 / perhaps: litang import' "$work/err" || fail "swapped letters: $(cat "$work/err")"
expect 2 "$litang" --db "$db" coverage
grep -qx '也许是 / perhaps: litang report coverage' "$work/err" || fail "a report is no command: $(cat "$work/err")"
expect 2 "$litang" --db "$db" xyzzy
if grep -q perhaps "$work/err"; then fail "nothing is like xyzzy: $(cat "$work/err")"; fi
expect 2 "$litang" --db "$db" sessions --form csv
grep -qx '也许是 / perhaps: --format' "$work/err" || fail "a beginning: $(cat "$work/err")"
expect 2 "$litang" --db "$db" plan --secnds=3
grep -qx '也许是 / perhaps: --seconds' "$work/err" || fail "no likely option: $(cat "$work/err")"
expect 2 "$litang" --db "$db" plan --qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq 3
if grep -q perhaps "$work/err"; then fail "a long word: $(cat "$work/err")"; fi
expect 2 "$litang" --db "$db" sessions --from 2027-13-01
grep -q 'from' "$work/err" || fail "the option is not named"
expect 2 "$litang" --db "$work/none.db" check
expect 0 "$litang" --db "$db" plan --help

# What there is to say is said.
small=$work/small.db
expect 0 "$litang" --db "$small" init
expect 0 "$litang" --db "$small" report target 97
expect 0 "$litang" --db "$small" undo
[ "$(value revision "$work/out")" = 3 ] || fail "undo: $(cat "$work/out")"
grep -q '已撤销版本 2' "$work/err" || fail "undo does not say of what: $(cat "$work/err")"
# What the database began with stays.
expect 2 "$litang" --db "$small" undo
expect 2 "$litang" --db "$small" undo --revision 1
grep -q '建库时' "$work/err" || fail "undo of init: $(cat "$work/err")"
expect 0 "$litang" --db "$small" follow
grep -q '没有关注的日历' "$work/err" || fail "an empty list: $(cat "$work/err")"
expect 2 "$litang" --db "$small" import "$work/none.csv"
cat "$work/out" >> "$work/err"
grep -q 'none.csv：未导入任何数据' "$work/err" || fail "a file that is not there: $(cat "$work/err")"
if grep -q '（）' "$work/err"; then fail "empty brackets: $(cat "$work/err")"; fi
expect 2 "$litang" --db "$small" report coverage --definition hallz
grep -q '^  halls-held/1 ' "$work/err" || fail "the definitions are not listed: $(cat "$work/err")"
expect 2 "$litang" --db "$small" why R000001
grep -q '没有这个场次或点单' "$work/err" || fail "why of nothing: $(cat "$work/err")"
expect 2 "$litang" --db "$small" feed -t x
grep -q '没有这个选项' "$work/err" || fail "an option of one letter: $(cat "$work/err")"
