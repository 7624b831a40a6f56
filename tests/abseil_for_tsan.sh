#!/bin/sh
# Builds Abseil from Debian's source package with the thread sanitizer. Debian's own build does not tell
# the sanitizer about its locks, so everything that an absl::Mutex guards would be reported as a race.
#   sh tests/abseil_for_tsan.sh PREFIX      does nothing when PREFIX is there already
set -eu
prefix=$1
[ ! -f "$prefix/done" ] || exit 0
. "$(dirname "$0")/../host/install_packages.sh"
install_packages dpkg-dev
say "Building Abseil with the thread sanitizer, from Debian's source package"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A source entry is derived from the machine's own package entries and used for this one call.
mkdir -p "$work/lists/partial"
{
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
} >"$work/sources.list"
parts=$work/parts
mkdir "$parts"
for file in /etc/apt/sources.list.d/*.sources; do
  [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$parts/$(basename "$file")"
done
options="-o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=$parts \
-o Dir::State::lists=$work/lists"
# shellcheck disable=SC2086
apt-get $options update -qq
# shellcheck disable=SC2086
(cd "$work" && apt-get $options source -qq abseil)
cmake -S "$work"/abseil-* -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_STANDARD=14 -DCMAKE_CXX_FLAGS="-fsanitize=thread -O1" -DBUILD_SHARED_LIBS=ON \
  -DABSL_PROPAGATE_CXX_STD=OFF -DBUILD_TESTING=OFF -DCMAKE_INSTALL_PREFIX="$prefix" >/dev/null
cmake --build "$work/build" >"$work/log" 2>&1 || { tail -n 30 "$work/log"; exit 1; }
cmake --install "$work/build" >/dev/null
touch "$prefix/done"
