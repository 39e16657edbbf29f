#!/usr/bin/env bash
# Reports as an office works with them: a city tuned to 97.68 % with its list; what a day's data said, rebuilt later to
# the byte; head counts, a frozen period, late rows and corrections; formats; wrong use.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
run() { "$litang" --db "$db" "$@"; }

sample_city "$db" 3000

# figure KEY: of the whole city, from JSON.
figure() {
  run report coverage --by city --format json | python3 -c "import json,sys; print(json.load(sys.stdin)['rows'][0]['$1'])"
}

# Close unreached halls for the year and cancel all that some reached halls got, the fewest of both, until n of d is
# 97.68 % by rounding.
reached=$(figure numerator) counted=$(figure denominator)
read -r to_cancel to_close < <(python3 - "$reached" "$counted" <<'PY'
import sys
reached, counted = int(sys.argv[1]), int(sys.argv[2])
best = min((cancel + close, cancel, close) for close in range(counted - reached + 1) for cancel in range(60)
           if ((reached - cancel) * 20000 + counted - close) // (2 * (counted - close)) == 9768)
print(best[1], best[2])
PY
)
run report coverage --list unreached --format csv | tail -n +2 | cut -d, -f1 | head -n "$to_close" > "$work/close"
while read -r hall; do
  expect 0 run close --hall "$hall" --from 2027-01-01 --to 2027-12-31 --reason 修缮
done < "$work/close"
run report halls --format csv | tail -n +2 | sed '$d' | awk -F, '$6 == 1 && $5 == "在用" { print $1 }' | head -n "$to_cancel" > "$work/cancel"
[ "$(wc -l < "$work/cancel")" = "$to_cancel" ] || fail "too few halls with one session"
while read -r hall; do
  session=$(run sessions --hall "$hall" | tail -n 1 | sed 's/^s-\([0-9]*\)@.*/\1/')
  expect 0 run cancel "$session" --reason 示例
done < "$work/cancel"
expect 0 run report coverage
grep -q '^coverage 97.68 % (' "$work/out" || fail "not 97.68 %: $(head -n 1 "$work/out")"
grep -q '合计 .* 97.68 ' "$work/out" || fail "the total is another rate"
unreached=$(($(figure denominator) - $(figure numerator)))
expect 0 run report coverage --list unreached --format csv
[ "$(tail -n +2 "$work/out" | wc -l)" = "$unreached" ] || fail "the list has not $unreached halls"
while read -r hall; do
  grep -q "^$hall," "$work/out" || fail "$hall is not on the list of unreached halls"
done < "$work/cancel"
expect 0 run report coverage --list closed --format csv
while read -r hall; do
  grep -q "^$hall," "$work/out" || fail "$hall is not on the list of closed halls"
done < "$work/close"

# What the data said on a day, when other things happened since.
export LITANG_NOW=2027-07-02T01:00:00Z
for report in coverage sessions held halls equity ledger; do
  run report "$report" --by township --format csv > "$work/then.$report"
  run report "$report" --by township > "$work/then.$report.txt"
done
export LITANG_NOW=2027-07-20T01:00:00Z
mapfile -t past < <(run sessions --to 2027-06-30 --status CONFIRMED | tail -n +2 | sed 's/^s-\([0-9]*\)@.*/\1/' | head -n 40)
first=${past[0]}
for i in $(seq 0 14); do
  expect 0 run attend "${past[$i]}" --held --heads $((20 + i)) --heads-60 "$i" --satisfaction 90
done
expect 0 run attend "${past[15]}" --not-held --reason 台风
expect 0 run attend "${past[16]}" --moved-outside 停电改在广场 --heads 30
expect 0 run cancel "${past[20]}" --reason 补录
for report in coverage sessions held halls equity ledger; do
  run report "$report" --by township --format csv --as-of 2027-07-02 | cmp - "$work/then.$report" || fail "$report as of 2027-07-02"
  run report "$report" --by township --as-of 2027-07-02 | cmp - "$work/then.$report.txt" || fail "$report as of 2027-07-02, as a table"
done
run report held --by city --as-of 2027-07-02 --known-now --format csv | grep -q '^\*,[^,]*,[0-9]*,16,1,1,' || fail "what is known now about that day"
[ "$(run report held --by city --as-of 2026-01-01 --from 2027-01-01 --to 2027-12-31 --format csv | sed -n 2p | cut -d, -f3)" = 0 ] || fail "before the first revision"

# A reported half-year, late rows, corrections.
expect 0 run report freeze 2027-H1 --from 2027-01-01 --to 2027-06-30 --reason 半年上报
expect 2 run report freeze 2027-H1 --from 2027-01-01 --to 2027-06-30 --reason 再报
heads=$(run report frozen 2027-H1 --format csv | grep ',heads,' | cut -d, -f5)
expect 0 run report correct 2027-H1 --reason 无
grep -q '没有要更正的' "$work/err" || fail "nothing was to be corrected"
export LITANG_NOW=2027-08-01T01:00:00Z
expect 0 run attend "$first" --held --heads 120 --by 示例乙
grep -q '2027-H1' "$work/err" || fail "no word about the reported period"
expect 0 run report frozen 2027-H1 --format csv
grep ',heads,' "$work/out" | grep -q ",$heads,0,$heads,$((heads + 100))" || fail "the frozen figure moved: $(grep ',heads,' "$work/out")"
expect 0 run report correct 2027-H1 --reason 漏报一场的人数
expect 0 run report frozen 2027-H1 --format csv
grep ',heads,' "$work/out" | grep -q ",$heads,100,$((heads + 100)),$((heads + 100))" || fail "the correction is not shown"
expect 0 run report corrections 2027-H1
grep -q '漏报一场的人数' "$work/out" || fail "the correction's reason is not shown"
expect 0 run report coverage --from 2027-01-01 --to 2027-06-30
grep -q '此时段已上报（2027-H1' "$work/out" || fail "the report of a frozen period does not say so"
if sqlite3 "$db" "UPDATE frozen_figure SET value = 0" 2> "$work/err"; then fail "a reported figure was written over"; fi

# The target.
expect 0 run report target 98.5
[ "$(run report target)" = 98.50 ] || fail "the target"
expect 2 run report target 101

# Every report in every format; totals of a workbook add up; a CSV has its mark and line ends.
person=$(run report load --format csv | sed -n 2p | cut -d, -f1)
hall=$(head -n 1 "$work/cancel")
for report in $("$litang" report list | awk '{ print $1 }'); do
  options=()
  case $report in
    freeze | correct | target) continue ;;
    instructor) options=(--instructor "$person") ;;
    hall) options=(--hall "$hall") ;;
    frozen | corrections) options=(2027-H1) ;;
  esac
  for format in table csv json html xlsx; do
    expect 0 run report "$report" "${options[@]}" --format "$format" -o "$work/report.$format"
  done
  [ "$(head -c 3 "$work/report.csv" | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "$report: no byte order mark"
  [ "$(grep -c $'\r$' "$work/report.csv")" = "$(wc -l < "$work/report.csv")" ] || fail "$report: line ends"
  python3 "$(dirname "$0")/report_formats.py" "$work/report" || fail "$report: the formats differ"
done

# Wrong use is told, and nothing is written.
revision=$(sqlite3 "$db" "SELECT max(id) FROM revision")
expect 2 run report coverge
grep -q 'coverage' "$work/err" || fail "no list of reports"
expect 2 run report coverage --by twnship
expect 2 run report coverage --format xlsx
expect 2 run report coverage --format pdf
expect 2 run report coverage --list everything
expect 2 run report coverage --from 2027-05-01 --to 2027-04-01
expect 2 run report coverage --from 2017-01-01 --to 2027-12-31
expect 2 run report coverage --definition halls-paired --by category
expect 2 run report coverage --known-now
expect 2 run report coverage --county 椒江区 --township 大陈镇
expect 2 run report instructor
expect 2 run report frozen 2026-H1
expect 2 run attend "$first"
expect 2 run attend "$first" --held --not-held
expect 2 run attend "$first" --not-held
expect 2 run attend "$first" --held --heads 5 --heads-60 6
expect 2 run attend 99999999 --held
[ "$(sqlite3 "$db" "SELECT max(id) FROM revision")" = "$revision" ] || fail "wrong use made a revision"
