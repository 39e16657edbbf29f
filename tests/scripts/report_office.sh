#!/usr/bin/env bash
# LibreOffice opens every report's workbook, once as it is and once without the values stored beside the formulas, so that
# it must calculate them, and shows the numbers of our CSV. Opt-in, since it takes an office: LITANG_TEST_OFFICE=1 (package
# libreoffice-calc).
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
if [ -z "${LITANG_TEST_OFFICE:-}" ]; then
  echo "not run: set LITANG_TEST_OFFICE=1"
  exit 0
fi
db=$work/city.db
sample_city "$db" 3000
export LITANG_NOW=2027-07-20T01:00:00Z
for session in $("$litang" --db "$db" sessions --to 2027-06-30 | sed -n '2,9p' | sed 's/^s-\([0-9]*\)@.*/\1/'); do
  expect 0 "$litang" --db "$db" attend "$session" --held --heads 33 --satisfaction 91
done
count=0
for report in "coverage" "coverage --by month" "sessions" "sessions --by category" "held --by county" "load" "halls" "requests" "equity" "gaps" "ledger"; do
  stem=$work/r$count
  # shellcheck disable=SC2086
  expect 0 "$litang" --db "$db" report $report --format xlsx -o "$stem.xlsx"
  # shellcheck disable=SC2086
  expect 0 "$litang" --db "$db" report $report --format csv -o "$stem.ours"
  count=$((count + 1))
done
python3 - "$work"/r*.xlsx <<'PY'
import re, sys, zipfile
for path in sys.argv[1:]:
    book = zipfile.ZipFile(path)
    with zipfile.ZipFile(re.sub(r"/r(\d+)\.xlsx$", r"/bare\1.xlsx", path), "w", zipfile.ZIP_DEFLATED) as bare:
        for name in book.namelist():
            data = book.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            bare.writestr(name, data)
PY
soffice --headless "-env:UserInstallation=file://$work/profile" --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false' \
  --outdir "$work/office" "$work"/r*.xlsx "$work"/bare*.xlsx > "$work/office.log" 2>&1 || fail "LibreOffice: $(tail -n 3 "$work/office.log")"
for ((i = 0; i < 2 * count; i++)); do
  kind=$([ "$i" -lt "$count" ] && echo r || echo bare)
  python3 - "$work/r$((i % count)).ours" "$work/office/$kind$((i % count)).csv" <<'PY' || fail "report $((i % count)), $kind, differs"
import csv, sys
ours = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
theirs = list(csv.reader(open(sys.argv[2], encoding="utf-8-sig", newline="")))
while theirs and theirs[0][0] != ours[0][0]:
    theirs.pop(0)  # title and notes
assert len(ours) == len(theirs), (len(ours), len(theirs))
def number(text):
    return float(text.replace(",", "").rstrip("%"))
for row, (left, right) in enumerate(zip(ours, theirs)):
    for a, b in zip(left, right):
        a = a.lstrip("'") if a != "–" else a
        if a == b:
            continue
        assert abs(number(a) - number(b)) <= 0.0100001, (row, a, b)
PY
done
echo "$count workbooks: the same numbers in LibreOffice"
