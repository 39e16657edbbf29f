#!/usr/bin/env bash
# Round trip through ical.js, which Thunderbird reads calendars with, and python3-vobject: every session comes back from its
# township feed as the database has it, with hostile text in each field; so does text that the database would refuse (line
# breaks in names, control characters, bad UTF-8, 10 kB). jCal and free/busy are what ical.js makes of them.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  echo "SKIPPED: node is not installed"
  exit 0
fi
install_clients
db=$work/city.db
sample_city "$db" 300
hostile='上垟,村;礼堂\n \"引号\" ^n ^'"''"' 🎎𠮷 é BEGIN:VEVENT a:b=c'
for table in course category hall room instructor; do
  sqlite3 "$db" "UPDATE $table SET name = substr(name, 1, 30) || ' $hostile'" || fail "hostile names: $table"
done
sqlite3 "$db" "UPDATE hall SET address = '路' || id || ' $hostile'; UPDATE session SET note = '备注 $hostile' || char(10) || '第二行';"
mkdir "$work/feeds"
sqlite3 "$db" "SELECT id FROM area WHERE level='township'" | while read -r code; do
  for format in ics jcal; do
    "$litang" --db "$db" feed --township "$code" --format $format > "$work/feeds/$code.$format" 2> "$work/err" || fail "feed $code: $(cat "$work/err")"
  done
  "$litang" --db "$db" feed --township "$code" --lang en > "$work/feeds/$code.en" 2> "$work/err" || fail "English feed $code"
  expect 0 "$litang" lint "$work/feeds/$code.ics"
  expect 0 "$litang" lint "$work/feeds/$code.en"
done
hall=$(sqlite3 "$db" "SELECT r.hall_id FROM session s JOIN room r ON r.id = s.room_id ORDER BY s.id LIMIT 1")
"$litang" --db "$db" feed --hall "$hall" --format ifb > "$work/hall.ifb"
expect 0 "$litang" lint "$work/hall.ifb"
expect 2 "$litang" --db "$db" feed --hall "$hall" --format xml
expect 2 "$litang" --db "$db" feed --hall "$hall" --lang fr
expect 2 "$litang" --db "$db" feed --hall "$hall" --only-category none
"$litang" --db "$db" sessions --format json > "$work/sessions.json"
node "$work/feed_clients.js" "$work/sessions.json" "$work/feeds" "$work/hall.ifb" "$hall"
/usr/bin/python3 "$source_dir/tests/scripts/feeds_vobject.py" "$work/sessions.json" "$work/feeds"
# What the database refuses, put behind its checks: libical reads it in the test itself, the other two here.
mkdir "$work/hostile"
LITANG_HOSTILE_FOLDER=$work/hostile "$(dirname "$litang")/tests/test_ical_feed_text" > "$work/out" 2>&1 || fail "test_ical_feed_text: $(tail -n 5 "$work/out")"
for feed in "$work"/hostile/*.ics; do
  expect 0 "$litang" lint "$feed"
done
node "$work/feed_hostile.js" "$work/hostile"
/usr/bin/python3 "$source_dir/tests/scripts/feeds_hostile.py" "$work/hostile"
