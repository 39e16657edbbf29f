#!/usr/bin/env bash
# Two processes book the same room at the same time, 200 rounds: exactly one wins, the other is told who has it.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
rounds=200
expect 0 "$litang" --db "$db" init
expect 0 "$litang" --db "$db" demo --seed 3 --sessions 100

# A room, a course without special needs, and two people who may teach it, in a hall that is always open.
sqlite3 "$db" "
  INSERT INTO category(id,name) VALUES('RACE','示例');
  INSERT INTO course(id,name,category_id,minutes) VALUES('RACE','示例课','RACE',60);
  INSERT INTO area(id,level,name) VALUES('RACE','township','示例镇');
  INSERT INTO hall(id,name,area_id) VALUES('RACE','示例礼堂','RACE');
  INSERT INTO room(id,hall_id,name) VALUES('RACE-1','RACE','讲堂');
  INSERT INTO instructor(id,name) VALUES('RACE-A','示例甲'),('RACE-B','示例乙');
  INSERT INTO qualification VALUES('RACE-A','RACE'),('RACE-B','RACE');"

book() { # WHO DATE START
  local code=0
  "$litang" --db "$db" book --course RACE --room RACE-1 --date "$2" --start "$3" --instructor "RACE-$1" \
    > "$work/$1.out" 2> "$work/$1.err" || code=$?
  echo "$code" > "$work/$1.code"
}

for round in $(seq 1 $rounds); do
  date=$(date -u -d "2027-03-01 + $((round / 8)) days" +%F)
  start=$(printf '%02d:00' $((8 + round % 8)))
  book A "$date" "$start" &
  book B "$date" "$start" &
  wait
  codes="$(cat "$work/A.code") $(cat "$work/B.code")"
  case "$codes" in
    "0 1") winner=A loser=B ;;
    "1 0") winner=B loser=A ;;
    *) cat "$work"/[AB].err >&2; fail "round $round: exit codes $codes" ;;
  esac
  id=$(cat "$work/$winner.out")
  if ! grep 'room-overlap' "$work/$loser.err" | grep -qw "$id"; then
    cat "$work/$loser.err" >&2
    fail "round $round: the loser is not told of session $id"
  fi
done
[ "$(sqlite3 "$db" "SELECT count(*) FROM session")" = $rounds ] || fail "sessions"
expect 0 "$litang" --db "$db" check
