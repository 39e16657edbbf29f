#!/usr/bin/env bash
# Includes point down and never back (docs/architecture.md). check-layers.sh FOLDER prints each arrow that points up,
# and exits 1 if there is any. The table is the design's.
set -euo pipefail
root=${1:-.}
cd "$root"

# Both answer in REPLY, without a process for each include.
allowed() { # folder → the folders that it may include, itself counted
  case "$1" in
    base) REPLY=' base ' ;;
    scheduler) REPLY=' base scheduler ' ;;
    store) REPLY=' base scheduler store ' ;;
    importers) REPLY=' base scheduler store importers ' ;;
    ical) REPLY=' base scheduler ical ' ;;
    reports) REPLY=' base scheduler store reports ' ;;
    daemon) REPLY=' base scheduler store importers ical reports daemon ' ;;
    cli) REPLY=' base scheduler store importers ical reports daemon cli ' ;;
  esac
}

# A library of the outside world belongs to one folder.
owner() { # header → the folders that may include it
  case "$1" in
    sqlite3.h) REPLY=' store ' ;;
    sodium.h) REPLY=' ical daemon ' ;;
    uv.h|microhttpd.h|zlib.h|qrencode.h) REPLY=' daemon ' ;;
    libical/*) REPLY=' ical ' ;;
    zip.h|expat.h) REPLY=' importers ' ;;
    xlsxwriter.h) REPLY=' importers reports ' ;;
    curl/*) REPLY=' daemon ' ;;
    csv.h|iconv.h|uchardet*|*/uchardet.h) REPLY=' importers ' ;;
    jansson.h) REPLY=' store scheduler importers daemon reports ' ;;
    *) REPLY=' any ' ;;
  esac
}

found=0
report() { echo "$1"; found=1; }
for folder in base scheduler store importers ical reports daemon cli; do
  [ -d "$folder" ] || continue
  allowed "$folder"
  may=$REPLY
  while IFS=: read -r file line text; do
    [[ $text =~ [\<\"]([^\>\"]+)[\>\"] ]] || continue
    name=${BASH_REMATCH[1]}
    case "$text" in
      *'"'*) target=${name%%/*}
        [[ "$may" == *" $target "* ]] || report "$file:$line: $folder/ may not include $name" ;;
      *) owner "$name"
        [[ "$REPLY" == " any " || "$REPLY" == *" $folder "* ]] || report "$file:$line: $folder/ may not use $name" ;;
    esac
  done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' "$folder"/*.[ch] /dev/null 2>/dev/null || true)
done
# The core reads no clock of the machine and draws no number of its own.
while IFS=: read -r file line text; do
  report "$file:$line: scheduler/ is pure: $(sed -E 's/^[[:space:]]+//' <<< "$text")"
done < <(for file in scheduler/*.c; do # string literals do not count
  sed -E 's/"([^"\\]|\\.)*"/""/g' "$file" |
    grep -nE '(^|[^_a-zA-Z])(time|clock_gettime|gettimeofday|rand|srand|random|localtime(_r)?|getenv|fopen|printf) ?\(' | sed "s|^|$file:|" || true
done)
# The pages know the daemon's addresses and ECharts, nothing else: no other package, no other host.
while IFS=: read -r file line text; do
  report "$file:$line: web/ may not use $(sed -E 's/^[[:space:]]+//' <<< "$text")"
done < <(grep -rnE '(from |import |import\()"[^".]|https?://|"//' web/src 2> /dev/null | grep -vE '"echarts/(core|charts|components|renderers)"' || true)
exit "$found"
