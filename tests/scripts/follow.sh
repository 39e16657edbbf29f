#!/usr/bin/env bash
# Calendars through the program: import, follow, change, trouble, removal; and what a typo gets.
set -euo pipefail
litang=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LITANG_DB=$work/city.db LITANG_NOW=2026-11-27T00:00:00Z
fail() { echo "follow: $*"; exit 1; }
exits() { # CODE COMMAND…: runs it and checks its exit code
  local wanted=$1 got=0
  shift
  "$@" > "$work/out" 2> "$work/err" || got=$?
  [ "$got" = "$wanted" ] || { cat "$work/out" "$work/err"; fail "exit $got instead of $wanted: $*"; }
}
says() { grep -qF -- "$1" "$work/out" "$work/err" || { cat "$work/out" "$work/err"; fail "does not say: $1"; }; }

"$litang" init --city 示例市 > /dev/null 2>&1
"$litang" demo --sessions 200 > /dev/null
hall=$("$litang" plan --seconds 1 > /dev/null 2>&1; "$litang" publish > /dev/null 2>&1; "$litang" sessions --format csv | sed -n 2p | cut -d, -f10)
[ -n "$hall" ] || fail "no session was planned"
day=$("$litang" sessions --hall "$hall" --format csv | sed -n 2p | cut -d, -f3)

calendar() { # EVENT-LINES…
  printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n'
  printf '%s\r\n' "$@"
  printf 'END:VCALENDAR\r\n'
}
event() { printf 'BEGIN:VEVENT\r\nUID:%s\r\nSUMMARY:婚宴\r\nDTSTART;VALUE=DATE:%s\r\nEND:VEVENT' "$1" "${2//-/}"; }

# A banquet on the day of a session: the preview and the import name the clash.
calendar "$(event a "$day")" > "$work/hall.ics"
exits 0 "$litang" import --dry-run --hall "$hall" "$work/hall.ics"
says "preview, nothing written"
says "1 created"
exits 0 "$litang" import --follow "$work/hall.ics" --hall "$hall" --every 30
says "published sessions now clash"
[ "$(cat "$work/out" | tail -1)" = 1 ] || fail "the number is not printed"
exits 0 "$litang" follow
says "hall $hall"
says "30 min"
exits 2 "$litang" import --follow "$work/hall.ics" "$work/hall.ics"
exits 2 "$litang" import --follow "$work/hall.ics" --hall "$hall"
says "followed already as number 1"

# It moves, then breaks, then is gone: what was there stays until it is really dropped.
calendar "$(event a 2027-12-30)" "$(event b 2027-12-31)" > "$work/hall.ics"
exits 0 "$litang" follow --read-all
says "1 created, 1 updated"
exits 0 "$litang" follow --read-all
says "unchanged"
: > "$work/hall.ics"
exits 1 "$litang" follow --read-all
says "the file is empty; what was read before is kept"
calendar > "$work/hall.ics"
exits 1 "$litang" follow --read 1
says "the calendar holds no event at all"
exits 0 "$litang" follow --read 1 --allow-empty
says "2 dropped"
calendar "$(event b 2027-12-31)" > "$work/hall.ics"
exits 0 "$litang" follow --read 1
says "1 created"
exits 2 "$litang" follow --read 7
exits 0 "$litang" follow --remove 1
says "dropped 1"
exits 2 "$litang" follow --remove 1
says "no calendar is followed as number 1"
exits 0 "$litang" undo

# What must not be read is not, and says why.
exits 1 "$litang" import --follow "http://127.0.0.1:9/x.ics" --hall "$hall"
says "--allow-private"
exits 2 "$litang" import --follow "ftp://example.org/x.ics" --hall "$hall"
says "https://"
exits 2 "$litang" import --follow "$work/none.ics" --hall "$hall"
says "no such file"
exits 2 "$litang" import --follow "$work/hall.ics" --hall nobody
says 'nothing is called "nobody"'
exits 2 "$litang" import --follow "$work/hall.ics" --hall "$hall" --every 1
exits 2 "$litang" import --hall "$hall" --area X "$work/hall.ics"
exits 2 "$litang" follow --keep
exits 2 "$litang" import
