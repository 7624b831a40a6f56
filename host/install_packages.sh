# shellcheck shell=sh disable=SC2034
# Sourced by host/quickstart.sh and tests/run.sh: installs the Debian packages that are missing, and says
# so. Costs a second when none is.
#   install_packages NAME...
install_packages() {
  missing=
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "Installing from Debian:$missing"
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "These packages are missing and only root can install them: apt-get install$missing" >&2
      exit 1
    }
    as_root=sudo
  fi
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || {
    echo "apt-get update failed: look at the network and /etc/apt/sources.list, then run this again." >&2
    exit 1
  }
  # shellcheck disable=SC2086  # one word for each package
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    $missing >/dev/null || {
    echo "These packages could not be installed; try it alone: apt-get install$missing" >&2
    exit 1
  }
}

# What building Syncline takes; docs/dependencies.md gives the reasons.
build_packages="cmake ninja-build g++ libabsl-dev libboost-dev libsqlite3-dev libcli11-dev \
nlohmann-json3-dev libxxhash-dev libutf8proc-dev libexiv2-dev"

say() { printf '\n==> %s\n' "$*"; }
