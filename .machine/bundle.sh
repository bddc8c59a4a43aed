#!/bin/sh
# An archive for networks without any registry: the portal, every package of its lock, an installer.
# sh .machine/bundle.sh FOLDER [MACHINE]; MACHINE is x86_64 (default: this one's) or aarch64.
set -eu
out=${1:?the folder to write into}
machine=${2:-$(uname -m)}
bin=.venv/bin
version=$($bin/python -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')
python=$($bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
name="xingping-$version-py$python-$machine"
mkdir -p "$out"
work=$(mktemp -d "$out/.bundle-XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
place="$work/$name"
mkdir -p "$place/wheels" "$place/.locks"
platforms=""
for age in 2_17 2_24 2_26 2_27 2_28 2_31 2_34 2_35; do
  platforms="$platforms --platform manylinux_${age}_$machine"
done
$bin/python -m pip download --quiet --disable-pip-version-check --require-hashes --no-deps \
  --only-binary :all: --python-version "$python" --implementation cp \
  $platforms --platform "manylinux2014_$machine" --platform "manylinux1_$machine" \
  -r .locks/run.txt -d "$place/wheels"
tar -cf - --exclude __pycache__ --exclude '*.pyc' app storage migrations config.py wsgi.py \
  pyproject.toml README.md .machine/packages.sh | tar -xf - -C "$place"
cp .locks/run.txt "$place/.locks/run.txt"
cp .machine/install.sh "$place/install.sh"
chmod 755 "$place/install.sh"
echo "$python" > "$place/.python"
echo "$machine" > "$place/.architecture"
(cd "$place" && find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 sha256sum > SHA256SUMS)
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -czf "$work/$name.tar.gz" "$name"
mv "$work/$name.tar.gz" "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$out/$name.tar.gz  $(du -h "$out/$name.tar.gz" | cut -f1)"
