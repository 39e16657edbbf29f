#!/usr/bin/env bash
# A coordinator's way around: a template's list, an export, an edit, the drop folder of a running daemon, the report, the undo.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
server=
trap 'kill -9 ${server:-} 2> /dev/null || true; rm -rf "$work"' EXIT
comes() {
  for _ in $(seq 600); do
    [ -s "$1" ] && return
    sleep 0.1
  done
  fail "$1 did not come: $(cat "$work/serve.err")"
}
expect 0 "$litang" --db "$db" init
expect 0 "$litang" --db "$db" demo --seed 7 --sessions 200
expect 0 "$litang" --db "$db" template halls -o "$work/t.xlsx"
expect 0 "$litang" --db "$db" export halls -o "$work/halls.csv"
expect 2 "$litang" --db "$db" export halls -o "$work/halls.csv"
grep -q -- --force "$work/err" || fail "an existing file: $(cat "$work/err")"
expect 2 "$litang" --db "$db" export hals
expect 2 "$litang" --db "$db" export halls --format xls
expect 2 "$litang" --db "$db" serve --listen 127.0.0.1:0 --inbox "$work/none"
expect 2 "$litang" --db "$db" serve --listen 127.0.0.1:0 --inbox "$work" --inbox-policy guess
# Several files are several commits; which are in is said at the end.
printf '日期,名称,是否放假\n2027-13-01,示例节,休\n' > "$work/bad.csv"
printf '日期,名称,是否放假\n2027-11-01,示例节,休\n' > "$work/good.csv"
expect 1 "$litang" --db "$db" import "$work/bad.csv" "$work/good.csv"
grep -q "共 2 个文件，已导入 1 个.*未导入.*bad.csv$" "$work/err" || fail "which files are in: $(cat "$work/err")"
"$litang" --db "$db" export holidays | grep -q 2027-11-01 || fail "the good file is not in"
expect 2 "$litang" --db "$db" import --kind hall "$work/good.csv"
grep -q "halls .*文化礼堂" "$work/err" || fail "the kinds are not listed: $(cat "$work/err")"
mkdir "$work/in"
"$litang" --db "$db" serve --listen 127.0.0.1:0 --inbox "$work/in" --inbox-policy import > "$work/serve.out" 2> "$work/serve.err" &
server=$!
hall=$(sed -n 2p "$work/halls.csv" | cut -d, -f1)
sed '2s/文化礼堂/改名礼堂/' "$work/halls.csv" > "$work/in/halls.csv"
cp "$work/t.xlsx" "$work/in/"
comes "$work/in/done/halls.csv.report.txt"
comes "$work/in/done/t.xlsx.report.txt"
grep -q "更新 1，" "$work/in/done/halls.csv.report.txt" || fail "$(cat "$work/in/done/halls.csv.report.txt")"
"$litang" --db "$db" export halls | grep "^$hall," | grep -q 改名礼堂 || fail "the hall was not renamed"
"$litang" --db "$db" history --most 1 | grep -q "导入 halls.csv（收件夹）" || fail "history: $("$litang" --db "$db" history --most 1)"
# The same hall was changed since the export that this copy is of: named, nothing written.
sed '2s/文化礼堂/别的礼堂/' "$work/halls.csv" > "$work/in/late.csv"
comes "$work/in/failed/late.csv.report.txt"
grep -q "两边都改了" "$work/in/failed/late.csv.report.txt" || fail "$(cat "$work/in/failed/late.csv.report.txt")"
expect 0 "$litang" --db "$db" undo
"$litang" --db "$db" export halls | grep -q 改名礼堂 && fail "not undone"
got=0
kill -TERM "$server"
wait "$server" || got=$?
server=
[ "$got" = 0 ] || fail "serve ended with $got: $(cat "$work/serve.err")"
