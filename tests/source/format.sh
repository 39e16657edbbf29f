#!/usr/bin/env bash
# Every C file is as clang-format writes it, and the check bites.
set -euo pipefail
source_dir=$2
cd "$source_dir"
if ! command -v clang-format > /dev/null; then
  echo "clang-format is missing"
  exit 1
fi
printf 'int  f( void ){return 0;}\n' > "${TMPDIR:-/tmp}/litang-format-$$.c"
trap 'rm -f "${TMPDIR:-/tmp}/litang-format-$$.c"' EXIT
if clang-format --style=file --dry-run --Werror --assume-filename=base/x.c < "${TMPDIR:-/tmp}/litang-format-$$.c" 2> /dev/null; then
  echo "the check does not bite" >&2
  exit 1
fi
find base scheduler store importers ical reports daemon cli tests bench -name '*.[ch]' ! -path '*/bad-layers/*' -print0 |
  xargs -0 clang-format --style=file --dry-run --Werror
