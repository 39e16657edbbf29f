#!/usr/bin/env bash
# Township feeds of the running daemon, fetched and read by ical.js inside Chromium, equal the database, in both languages;
# the second fetch is a 304.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
browser=$(command -v chromium || command -v google-chrome || true)
if [ -z "$browser" ] || ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  echo "SKIPPED: chromium or node is not installed"
  exit 0
fi
db=$work/city.db
server=
trap 'kill ${server:-} 2> /dev/null || true; rm -rf "$work"' EXIT
install_clients
sample_city "$db" 300
session=$(sqlite3 "$db" "SELECT min(id) FROM session")
expect 0 "$litang" --db "$db" cancel "$session" --reason '停电, "检修"; a\b'
start_server "$db"
"$litang" --db "$db" sessions --format json > "$work/sessions.json"
# shellcheck disable=SC2046
HOME=$work node "$work/feed_browser.js" "$address" "$work/sessions.json" "$browser" "$work/profile" \
  $(sqlite3 "$db" "SELECT DISTINCT id FROM area WHERE level = 'township' ORDER BY id")
