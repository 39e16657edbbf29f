#!/usr/bin/env bash
# Exports that LibreOffice has opened and saved come back without a change: as XLSX, as the CSV that it makes of them, and
# CSV exports as the XLSX that it makes of those. It is 500 MB of packages (libreoffice-calc-nogui), so this runs only with
# LITANG_LIBREOFFICE=1.
set -euo pipefail
. "$(dirname "$0")/lib.sh" "$@"
if [ "${LITANG_LIBREOFFICE:-}" != 1 ]; then
  echo "SKIPPED: set LITANG_LIBREOFFICE=1 (and install libreoffice-calc-nogui) to save exports with LibreOffice"
  exit 0
fi
command -v soffice > /dev/null || fail "soffice is not installed"
db=$work/city.db
convert() { # FILTER FROM TO-FOLDER [MORE]
  soffice "-env:UserInstallation=file://$work/profile" --headless "${@:4}" --convert-to "$1" --outdir "$3" "$2" > "$work/soffice.log" 2>&1 ||
    fail "soffice: $(cat "$work/soffice.log")"
}
expect 0 "$litang" --db "$db" init
expect 0 "$litang" --db "$db" demo --seed 7 --sessions 600
revision=$("$litang" --db "$db" history --most 1 | cut -f1)
mkdir "$work/saved" "$work/ascsv" "$work/asxlsx"
for kind in areas holidays courses halls instructors requests closures absences; do
  expect 0 "$litang" --db "$db" export $kind -o "$work/$kind.xlsx"
  expect 0 "$litang" --db "$db" export $kind -o "$work/$kind.csv"
  convert xlsx "$work/$kind.xlsx" "$work/saved"
  convert 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1' "$work/$kind.xlsx" "$work/ascsv"
  convert xlsx "$work/$kind.csv" "$work/asxlsx" '--infilter=Text - txt - csv (StarCalc):44,34,76,1'
  for copy in "$work/saved/$kind.xlsx" "$work"/ascsv/$kind*.csv "$work/asxlsx/$kind.xlsx"; do
    expect 0 "$litang" --db "$db" --lang en import --kind $kind "$copy"
    grep -q " 0 created, 0 updated, [1-9][0-9]* unchanged (with related rows: 0 created, 0 updated, 0 dropped)" "$work/err" ||
      fail "$copy: $(cat "$work/err")"
    grep -qE "^(error|warning) " "$work/err" && fail "$copy: $(cat "$work/err")"
    echo "unchanged: ${copy#"$work"/}"
  done
  expect 0 "$litang" --db "$db" template $kind -o "$work/t.xlsx" --force
  convert xlsx "$work/t.xlsx" "$work/saved"
  expect 0 "$litang" --db "$db" --lang en import "$work/saved/t.xlsx"
  grep -q "example rows only" "$work/err" || fail "template of $kind: $(cat "$work/err")"
done
[ "$("$litang" --db "$db" history --most 1 | cut -f1)" = "$revision" ] || fail "a revision was made"
# One cell that is edited in the saved workbook's CSV is one change.
halls=$(echo "$work"/ascsv/halls*.csv)
sed -i '2s/文化礼堂/改名礼堂/' "$halls"
expect 0 "$litang" --db "$db" --lang en import --kind halls "$halls"
grep -q " 0 created, 1 updated" "$work/err" || fail "edited: $(cat "$work/err")"
