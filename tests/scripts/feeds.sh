#!/usr/bin/env bash
# Every township feed passes the linter and parses in libical and python3-vobject; UIDs are unique; each published
# session stands in its township's feed as the database has it.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
db=$work/city.db
sample_city "$db" 2000
mkdir "$work/feeds"
sqlite3 "$db" "SELECT id FROM area WHERE level='township'" > "$work/townships"
[ "$(wc -l < "$work/townships")" = 136 ] || fail "townships"
while read -r code; do
  "$litang" --db "$db" feed --township "$code" > "$work/feeds/$code.ics" 2> "$work/err" || fail "feed $code: $(cat "$work/err")"
  expect 0 "$litang" lint "$work/feeds/$code.ics"
done < "$work/townships"
code=$(head -n 1 "$work/townships")
"$litang" --db "$db" feed --township "$code" 2> /dev/null | cmp - "$work/feeds/$code.ics" || fail "the same revision gave other bytes"
TZ=America/New_York LC_ALL=de_DE.UTF-8 "$litang" --db "$db" feed --township "$code" 2> /dev/null |
  cmp - "$work/feeds/$code.ics" || fail "the bytes depend on the machine"
"$litang" --db "$db" sessions --format json > "$work/sessions.json"
/usr/bin/python3 "$source_dir/tests/scripts/feeds_vobject.py" "$work/sessions.json" "$work/feeds"
/usr/bin/python3 "$source_dir/tests/scripts/feeds_libical.py" "$work/feeds"
