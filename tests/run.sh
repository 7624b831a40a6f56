#!/bin/sh
# All tests, on a Debian 12: installs what they need, checks the style, builds with gcc, clang and the
# sanitizers and runs the tests of each build. Run again, it builds only what changed.
#
#   sh tests/run.sh           everything
#   sh tests/run.sh dev       only these parts: style, dev (gcc), asan (clang, with the address and
#                             undefined-behaviour sanitizers), tsan (gcc, thread sanitizer); and
#                             clang, which is asan without its sanitizers
set -eu
cd "$(dirname "$0")/.."
. host/install_packages.sh

# Says what begins now, and how to run only that. When it fails, the end of the output names it.
step=
again="sh tests/run.sh"
begin() {
  step=$1
  again=$2
  say "$step"
}
tell_failure() {
  code=$?
  [ "$code" = 0 ] || printf '\n==> FAILED: %s\n    Only this again: %s\n' "${step:-tests/run.sh}" "$again" >&2
}
trap tell_failure EXIT

# As root, some tests run as another user (nobody), who must be able to reach the programs: a checkout
# below a closed folder such as /root is copied to where everybody may look.
if [ "$(id -u)" = 0 ] && ! setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$PWD"; then
  copy=/var/tmp/syncline-tests
  say "Other users cannot reach $PWD: working in $copy"
  mkdir -p "$copy"
  find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  tar --exclude=./build -cf - . | tar -xf - -C "$copy"
  chmod 755 "$copy"
  trap - EXIT
  exec sh "$copy/tests/run.sh" "$@"
fi

builds=${*:-style dev asan tsan}
step="Installing packages"
# shellcheck disable=SC2086,SC2154  # one word for each package; from install_packages.sh
install_packages $build_packages libgtest-dev libgmock-dev librapidcheck-dev libical-dev clang-14 \
  clang-format-14 clang-tidy-14 libclang-rt-14-dev git ccache attr util-linux \
  imagemagick libheif-examples libjxl-tools ffmpeg libimage-exiftool-perl

jobs=$(nproc)
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
export CTEST_OUTPUT_ON_FAILURE=1
# Random tests take the same histories each time, so that a red run tells of the change and not of luck.
# SEED=$RANDOM (or any number) takes others; what fails prints how to replay it.
seed=${SEED:-20261121}
export RC_PARAMS="${RC_PARAMS:-seed=$seed}" SYNCLINE_SEED="${SYNCLINE_SEED:-$seed}"

style() {
  begin "Style: clang-format" "sh tests/run.sh style (clang-format-14 -i FILE repairs a file)"
  # Not piped: a failing git would leave no file to look at, and pass.
  sources=$(git ls-files '*.h' '*.hpp' '*.cpp' '*.c')
  # shellcheck disable=SC2086  # one word for each file
  clang-format-14 --dry-run --Werror $sources
  begin "Style: clang-tidy" "sh tests/tidy.sh [FILE.cpp...]"
  sh tests/tidy.sh
}

# Builds one preset and runs its tests, several at once.
build_and_test() {
  preset=$1
  begin "Building: $preset" "sh tests/run.sh $preset"
  shift
  cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@" >/dev/null
  cmake --build "build/$preset"
  begin "Testing: $preset" "sh tests/run.sh $preset"
  ctest --test-dir "build/$preset" -j "$((jobs * 2))" --progress --timeout 300
}

for build in $builds; do
  case $build in
    style) style ;;
    dev) build_and_test dev ;;
    # The full number of histories runs once, with gcc.
    clang) SYNCLINE_HISTORIES=60 SYNCLINE_FAULT_STEP=5 build_and_test clang ;;
    asan)
      SYNCLINE_HISTORIES=100 SYNCLINE_FAULT_STEP=7 ASAN_OPTIONS=detect_leaks=1 build_and_test asan
      ;;
    tsan)
      begin "Abseil for ThreadSanitizer" "sh tests/run.sh tsan"
      sh tests/abseil_for_tsan.sh "$PWD/build/abseil-tsan"
      # The installed tree that a test makes finds the other Abseil through the library path.
      SYNCLINE_HISTORIES=30 SYNCLINE_FAULT_STEP=29 \
        LD_LIBRARY_PATH="$PWD/build/abseil-tsan/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" \
        TSAN_OPTIONS="halt_on_error=0 second_deadlock_stack=1 suppressions=$PWD/tests/tsan.supp" \
        build_and_test tsan "-DCMAKE_PREFIX_PATH=$PWD/build/abseil-tsan"
      ;;
    *)
      step="unknown part: $build (style dev asan tsan clang)"
      exit 2
      ;;
  esac
done
say "All tests passed: $builds"
