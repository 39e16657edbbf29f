# Debian packages, in one place for ./quickstart and ./run-tests. Sourced, not run.

# What building and running litang needs.
PACKAGES_BUILD="build-essential cmake ninja-build pkg-config ca-certificates tzdata
  libuv1-dev libsqlite3-dev libical-dev libmicrohttpd-dev libjansson-dev libsodium-dev libqrencode-dev zlib1g-dev libcsv-dev libuchardet-dev
  libzip-dev libexpat1-dev libxlsxwriter-dev libcurl4-openssl-dev"

# The pages of web/ are built with Node; any Node that is there already will do. Without it there are plain tables.
PACKAGES_WEB=
command -v npm > /dev/null || PACKAGES_WEB="nodejs npm"

# What the tests need beside it: cmocka, the command-line tools that they drive, a second iCalendar parser, the checks.
PACKAGES_TEST="libcmocka-dev libfreexl-dev sqlite3 curl python3 python3-vobject clang-format locales-all"
# Pages are tested in Chromium, with letters for Chinese; ical.js, the parser of Thunderbird, runs on Node.
PACKAGES_TEST="$PACKAGES_TEST chromium fonts-wqy-zenhei $PACKAGES_WEB"

# install_packages NAME…: installs only what is missing; as root, or through sudo.
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "需要安装 / these packages are missing: ${missing[*]}" >&2
      echo "请以 root 运行，或先安装 sudo / run this as root, or install sudo first" >&2
      return 3
    fi
    as_root=(sudo)
  fi
  echo "安装 / installing: ${missing[*]}" >&2
  mkdir -p build # apt's 2,000 lines would hide ours
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq > build/packages.log 2>&1 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
      >> build/packages.log 2>&1 || {
    tail -n 20 build/packages.log >&2
    echo "安装失败 / installing failed: build/packages.log" >&2
    return 3
  }
}
