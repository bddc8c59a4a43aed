#!/bin/sh
# Install the portal where this folder lies, from this folder alone: no network is asked.
# PYTHON names another Python than python3. May be run again; the data lie elsewhere (XINGPING_VAR).
set -eu
cd "$(dirname "$0")"
want=$(cat .python)
python=${PYTHON:-python3}
have=$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
[ "$have" = "$want" ] || { echo "Python $want is needed, $python is $have: PYTHON=… sh install.sh"; exit 1; }
[ "$(uname -m)" = "$(cat .architecture)" ] || { echo "This bundle is for $(cat .architecture)"; exit 1; }
sha256sum --quiet --check SHA256SUMS || { echo "The bundle is not whole: copy it again"; exit 1; }
[ -x .venv/bin/python ] || $python -m venv .venv || { echo "python3-venv is missing"; exit 1; }
pip=".venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index"
$pip --find-links wheels --require-hashes --no-deps -r .locks/run.txt
$pip --no-deps --no-build-isolation -e .
sh .machine/packages.sh named
echo "Installed: $(pwd)/.venv/bin/xingping. Next: .venv/bin/xingping doctor"
