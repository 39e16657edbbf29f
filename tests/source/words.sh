#!/usr/bin/env bash
# What must not stand in the sources: unfinished marks, absolute paths of a machine, files with CR or tabs for indent.
set -euo pipefail
source_dir=$2
cd "$source_dir"
files=$(find base scheduler store importers ical reports daemon cli tests bench scripts examples docs web -name node_modules -prune -o -type f \
  \( -name '*.ts' -o -name '*.mjs' -o -name '*.css' -o -name '*.[ch]' -o -name '*.sh' -o -name '*.md' -o -name '*.cmake' -o -name '*.sql' -o -name CMakeLists.txt \) ! -path 'tests/source/words.sh' -print 2>/dev/null)
bad=0
if grep -nwE 'TODO|FIXME|XXX|HACK' $files; then bad=1; fi
# One test speaks of a calendar in somebody's home.
paths=$(printf '%s\n' $files README.md README.zh-CN.md CHANGELOG.md quickstart run-tests .ci/run | grep -v '^tests/daemon/test_fetch.c$')
if grep -nE '/(root|home|work|tmp/build)/' $paths; then bad=1; fi
if grep -lE $'\r' $files; then bad=1; fi
exit $bad
