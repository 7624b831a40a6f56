#!/bin/sh
# clang-tidy over the program's sources, several at once; prints the files that fail and why.
# A file that passed is not looked at again before it, a header, the checks (.clang-tidy) or the
# compiler's arguments change: build/clang/tidy-passed holds one empty file for each pass.
#
#   sh tests/tidy.sh              everything
#   sh tests/tidy.sh FILE.cpp...  only these
set -eu
cd "$(dirname "$0")/.."

cmake --preset clang -DCMAKE_CXX_COMPILER_LAUNCHER=ccache >/dev/null
passed=build/clang/tidy-passed
mkdir -p "$passed"
export passed

if [ $# -gt 0 ]; then
  files=$(printf '%s\n' "$@")
else
  # The tests are not among them: GoogleTest's macros expand to what the checks forbid.
  files=$(git ls-files 'host/*.cpp' 'sdk/*.cpp' 'storage/*.cpp' 'plugins/*.cpp')
fi
[ -n "$files" ] || {
  echo "clang-tidy: no sources found" >&2
  exit 1
}

# What every file depends on. All headers, not only its own: simpler, and never wrong.
headers=$(git ls-files --cached --others --exclude-standard '*.h' '*.hpp')
# shellcheck disable=SC2086  # one word for each file
common=$({
  clang-tidy-14 --version
  cat .clang-tidy build/clang/compile_commands.json $headers
  find build/clang/generated -type f -exec cat {} +
} | sha256sum)

for file in $files; do
  key=$({ echo "$common $file" && cat "$file"; } | sha256sum)
  key=${key%% *}
  [ -e "$passed/$key" ] || echo "$key $file"
done >"$passed/.todo"

echo "$(wc -l <"$passed/.todo") of $(echo "$files" | wc -l) files to look at"
# shellcheck disable=SC2016  # the inner shell expands them
xargs -r -n 2 -P "$(nproc)" sh -c '
  if said=$(clang-tidy-14 -p build/clang --quiet "$2" 2>&1); then
    : >"$passed/$1"
  else
    printf "\nclang-tidy: %s\n%s\n" "$2" \
      "$(printf "%s\n" "$said" | grep -vE "^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated)")" >&2
    exit 1
  fi' tidy <"$passed/.todo"
