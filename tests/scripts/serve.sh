#!/usr/bin/env bash
# The daemon over a planned sample city: prints its address, answers township feeds and their 304, sees a commit of the
# command line, survives a restart byte for byte, and ends with exit 0 on SIGTERM.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
server=
trap 'kill -9 ${server:-} 2> /dev/null || true; rm -rf "$work"' EXIT

stop() {
  local got=0
  kill -TERM "$server"
  wait "$server" || got=$?
  server=
  [ "$got" = 0 ] || fail "serve ended with $got: $(cat "$work/serve.err")"
}

get() {
  curl --silent --show-error --fail --max-time 60 "$@"
}

sample_city "$db" 100
township=$("$litang" --db "$db" sessions --format csv 2> /dev/null | sed -n 2p | cut -d, -f8)
session=$("$litang" --db "$db" sessions --format csv 2> /dev/null | sed -n 2p | cut -d, -f1 | sed 's/^s-\([0-9]*\)@.*/\1/')
[ -n "$township" ] || fail "no session"
feed=/feed/township/$township.ics

start_server "$db"
get -D "$work/head" "$address$feed" > "$work/first.ics"
grep -qi '^content-type: text/calendar; charset=utf-8' "$work/head" || fail "content type: $(cat "$work/head")"
[ "$(head -c 15 "$work/first.ics")" = BEGIN:VCALENDAR ] || fail "no calendar"
"$litang" --db "$db" feed --township "$township" 2> /dev/null | cmp - "$work/first.ics" || fail "serve and feed differ"
etag=$(sed -n 's/^[Ee][Tt][Aa][Gg]: *//p' "$work/head" | tr -d '\r')
[ "$(get -o /dev/null -w '%{http_code}' -H "If-None-Match: $etag" "$address$feed")" = 304 ] || fail "no 304"
get "$address/" > "$work/index.html"
[ "$(grep -o 'href="/feed/township/[^"]*' "$work/index.html" | sort -u | wc -l)" = 136 ] || fail "the index lists not all townships"
get "$address/session/$session" > /dev/null
get --compressed "$address$feed" | cmp - "$work/first.ics" || fail "gzip differs"
[ "$(curl -s -o /dev/null -w '%{http_code}' -X POST "$address$feed")" = 405 ] || fail "POST"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$address/feed/township/none.ics")" = 404 ] || fail "404"
stop

start_server "$db"
get "$address$feed" | cmp - "$work/first.ics" || fail "a restart changed bytes"
[ "$(get -o /dev/null -w '%{http_code}' -H "If-None-Match: $etag" "$address$feed")" = 304 ] || fail "no 304 after a restart"
expect 0 "$litang" --db "$db" cancel "$session" --reason 停电
for _ in $(seq 300); do
  get "$address$feed" > "$work/second.ics"
  grep -q 'STATUS:CANCELLED' "$work/second.ics" && break
  sleep 0.1
done
grep -q 'STATUS:CANCELLED' "$work/second.ics" || fail "the commit was not seen"
stop
