#!/usr/bin/env bash
# GNOME's evolution-data-server, headless, subscribes to a township feed of the running daemon; what it holds equals the
# database, also after a cancellation, its lifting and a change of time. Heavy (a desktop's services): only with
# LITANG_TEST_EVOLUTION=1 and apt-get install evolution-data-server gir1.2-ecal-2.0 gir1.2-edataserver-1.2 python3-gi dbus
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
if [ -z "${LITANG_TEST_EVOLUTION:-}" ]; then
  echo "SKIPPED: LITANG_TEST_EVOLUTION is not set"
  exit 0
fi
command -v dbus-run-session > /dev/null || fail "dbus-run-session is missing"
db=$work/city.db
server=
trap 'kill ${server:-} 2> /dev/null || true; rm -rf "$work"' EXIT
sample_city "$db" 300
start_server "$db"
township=$("$litang" --db "$db" sessions --format csv 2> /dev/null | cut -d, -f8 | grep -x '[0-9]*' | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }')
mkdir -m 700 "$work/home" "$work/run"
env -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_CACHE_HOME HOME="$work/home" XDG_RUNTIME_DIR="$work/run" GSETTINGS_BACKEND=memory \
  timeout 200 dbus-run-session -- /usr/bin/python3 "$source_dir/tests/scripts/feeds_evolution.py" "$litang" "$db" \
  "$address/feed/township/$township.ics" "$township" 2> "$work/evolution.err" || { tail -n 20 "$work/evolution.err" >&2; fail "evolution-data-server"; }
