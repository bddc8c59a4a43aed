#!/bin/sh
# Install what PDF (and, for tests, the browser) needs where that is allowed; otherwise name it
# in one line with the command that installs it. The portal starts all the same. `named` only names it.
want=${1:-run}
PATH=$PATH:/usr/sbin:/sbin  # an ordinary user of Debian doesn't find ldconfig
missing=""
has_lib() { ldconfig -p 2>/dev/null | grep -q "$1"; }
has_lib libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
has_lib libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
has_lib libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
ls /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
if [ "$want" = test ]; then
  command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
  command -v clamd >/dev/null 2>&1 || missing="$missing clamav-daemon"
fi
[ -z "$missing" ] && exit 0
line="apt-get install -y --no-install-recommends$missing"
if [ "$want" != named ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing:$missing"
  if apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive $line >/dev/null 2>&1; then
    exit 0
  fi
fi
echo "Missing:$missing. To install: $line"
exit 0
