#!/usr/bin/env bash
# Problems and plans as JSON, and the weights: out of one database and into another without a difference; the same plan
# from the file as from the database; a broken plan is judged as such.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
first=$work/first.db second=$work/second.db

expect 0 "$litang" --db "$first" init
expect 0 "$litang" --db "$first" demo --seed 3 --sessions 400
expect 0 "$litang" --db "$first" weights set travel 3
expect 0 "$litang" --db "$first" problem export
cp "$work/out" "$work/first.json"

# There and back.
expect 0 "$litang" --db "$second" init
expect 0 "$litang" --db "$second" problem import "$work/first.json"
expect 0 "$litang" --db "$second" problem export
cmp "$work/out" "$work/first.json" || fail "the second export differs"
expect 2 "$litang" --db "$second" problem import "$work/first.json"
grep -q '不是空的' "$work/err" || fail "a database that is not empty: $(cat "$work/err")"

# The planner finds the same by the file as by the database.
expect 0 "$litang" problem solve "$work/first.json" --seconds 60 --iterations 30000
cp "$work/out" "$work/plan.json"
expect 0 "$litang" problem score "$work/first.json" "$work/plan.json"
cost=$(value cost "$work/out") placed=$(value placed "$work/out")
[ "$placed" -ge 380 ] || fail "only $placed placed"
expect 0 "$litang" --db "$second" plan --name p --seconds 60 --iterations 30000
[ "$(value cost "$work/out")" = "$cost" ] || fail "cost $cost by the file, $(value cost "$work/out") by the database"
[ "$(value placed "$work/out")" = "$placed" ] || fail "placed"

# What is published goes with it, numbers and all.
expect 0 "$litang" --db "$second" publish p
id=$("$litang" --db "$second" sessions --format csv | sed -n '2s/^s-\([0-9]*\)@.*/\1/p')
expect 0 "$litang" --db "$second" pin "$id"
expect 0 "$litang" --db "$second" cancel 2 --reason 示例

# A closure that came later is approved for a session where it stands.
day=$("$litang" --db "$second" sessions --format csv | sed -n 2p | cut -d, -f3)
hall=$("$litang" --db "$second" sessions --format csv | sed -n 2p | cut -d, -f10)
printf '编号,范围,对象,强度,开始日期,结束日期,原因\nZ1,礼堂,%s,hard,%s,%s,示例\n' "$hall" "$day" "$day" > "$work/closures.csv"
expect 0 "$litang" --db "$second" import "$work/closures.csv"
expect 1 "$litang" --db "$second" check
expect 2 "$litang" --db "$second" cancel "$id" --override closure --reason 示例
expect 0 "$litang" --db "$second" pin "$id" --override closure --reason 示例
expect 0 "$litang" --db "$second" check
[ "$(value overridden "$work/out")" = 1 ] || fail "the closure was not set aside"
expect 0 "$litang" --db "$second" problem export --replan
cp "$work/out" "$work/published.json"
third=$work/third.db
expect 0 "$litang" --db "$third" init
expect 0 "$litang" --db "$third" problem import "$work/published.json"
expect 0 "$litang" --db "$third" problem export --replan
cmp "$work/out" "$work/published.json" || fail "the published sessions differ"
expect 0 "$litang" --db "$third" check

# Terms and errors in the language that is asked for.
for command in "plan --iterations 100" "check --score" weights; do
  expect 0 "$litang" --db "$second" --lang en $command
  if grep -q '未覆盖礼堂' "$work/out"; then fail "Chinese terms of $command with --lang en"; fi
  grep -q '^ *hall_unreached .*hall of the coverage figure' "$work/out" || fail "no terms of $command"
  expect 0 "$litang" --db "$second" --lang zh $command
  grep -q '^ *hall_unreached .*未覆盖礼堂$' "$work/out" || fail "terms of $command with --lang zh"
done

# A plan that breaks rules, one that is none, and a problem that is none.
sed '0,/"date":"[0-9-]*"/s//"date":"2031-01-01"/' "$work/plan.json" > "$work/bad.json"
expect 1 "$litang" problem score "$work/first.json" "$work/bad.json"
[ "$(value faults "$work/out")" -ge 1 ] || fail "no fault found"
echo '{"format":"litang-plan/1","items":[{"action":"create","request":"nobody"}]}' > "$work/bad.json"
expect 2 "$litang" problem score "$work/first.json" "$work/bad.json"
grep -q '\$\.items\[0\]\.request = "nobody"' "$work/err" || fail "the place is not named: $(cat "$work/err")"
sed 's/"minutes":90/"minutes":"long"/' "$work/first.json" > "$work/bad.json"
expect 2 "$litang" problem solve "$work/bad.json"
grep -q 'minutes = "long"' "$work/err" || fail "the place is not named: $(cat "$work/err")"
for format in '"litang-problem/2"' 5 null; do
  sed "1s|\"litang-problem/1\"|$format|" "$work/first.json" > "$work/bad.json"
  expect 2 "$litang" problem solve "$work/bad.json"
  grep -q '\$\.format = '"$format" "$work/err" || fail "the format is not named: $(cat "$work/err")"
done
expect 3 "$litang" problem solve "$work/not-there.json"

# All that is broken is listed on demand.
sed 's/"date":"[0-9-]*"/"date":"2031-01-01"/' "$work/plan.json" > "$work/bad.json"
expect 1 "$litang" problem score "$work/first.json" "$work/bad.json"
grep -q '^… 另有' "$work/err" || fail "it does not say that there is more"
expect 1 "$litang" problem score --all "$work/first.json" "$work/bad.json"
! grep -q '^… 另有' "$work/err" || fail "--all leaves some out: $(cat "$work/err")"
listed=$(grep -c '^\[day\]' "$work/err")
[ "$listed" -ge 380 ] || fail "--all lists $listed faults"
expect 2 "$litang" problem nothing
expect 0 "$litang" problem --help

# Weights and their profiles.
for profile in least-travel coverage-first fewest-changes balanced; do
  expect 0 "$litang" --db "$first" weights profile "$profile"
  expect 0 "$litang" --db "$first" weights
  grep -q "^profile $profile$" "$work/out" || fail "the profile $profile is not what is listed"
done
[ "$(value travel "$work/out")" = 1 ] || fail "balanced is not the default"
expect 0 "$litang" --db "$first" weights profile 少跑路
expect 0 "$litang" --db "$first" weights
grep -q "^profile least-travel$" "$work/out" || fail "a profile by its Chinese name"
expect 2 "$litang" --db "$first" weights profile thrifty
expect 2 "$litang" --db "$first" weights set travel 100001
expect 2 "$litang" --db "$first" weights set travl 1
expect 0 "$litang" --db "$first" undo
