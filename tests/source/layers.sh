#!/usr/bin/env bash
# The layers hold, and the check bites: each arrow of the bad sample is found.
set -euo pipefail
source_dir=$2
"$source_dir"/scripts/check-layers.sh "$source_dir"
if found=$("$source_dir"/scripts/check-layers.sh "$source_dir/tests/source/bad-layers"); then
  echo "the bad sample was accepted" >&2
  exit 1
fi
for wanted in 'scheduler/upward.c:2: scheduler/ may not include store/store.h' 'scheduler/upward.c:3: scheduler/ may not use sqlite3.h' \
  'scheduler/upward.c:9: scheduler/ is pure' 'ical/sideways.c:2: ical/ may not include importers/import.h' \
  'web/src/away.ts:2: web/ may not use' 'web/src/away.ts:3: web/ may not use'; do
  grep -qF "$wanted" <<< "$found" || { echo "not found: $wanted"; echo "$found"; exit 1; }
done
