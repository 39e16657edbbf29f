#!/usr/bin/env bash
# The manual page names every command that --help lists, and is well-formed.
set -euo pipefail
litang=$1 source_dir=$2
page=$source_dir/docs/man/litang.1
plain=$(sed 's/\\f[BRI]/ /g' "$page")
for command in $("$litang" --help | awk '/^  [a-z]+ / { print $1 }'); do
  grep -qE "^\.B.*\b$command\b" <<< "$plain" || { echo "not in the manual page: $command"; exit 1; }
done
[ "$("$litang" --help | awk '/^  [a-z]+ /' | wc -l)" -ge 20 ]
