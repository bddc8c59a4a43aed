"""The archive for networks without a registry: installed and started where there is no network."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ALONE = ["unshare", "--net", "--map-root-user"]
# Inside a network of its own, in which nothing is reached: start, ask the first pages, end.
LOOK = """
import os, signal, socket, subprocess, sys, time, urllib.request
try:
    socket.create_connection(("192.0.2.1", 80), 1)
    sys.exit("there is a network")
except OSError:
    pass
started = subprocess.Popen([".venv/bin/xingping", "serve", "--port", "8123", "--no-demo", "--workers", "1"])
try:
    for _n in range(300):
        try:
            page = urllib.request.urlopen("http://127.0.0.1:8123/sign-in", timeout=5).read().decode()
            break
        except OSError:
            time.sleep(0.2)
    assert "登录" in page and 'lang="zh-CN"' in page, page[:500]
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert urllib.request.urlopen("http://127.0.0.1:8123" + style).status == 200
    assert urllib.request.urlopen("http://127.0.0.1:8123/readyz").status == 200
finally:
    started.send_signal(signal.SIGTERM)
    started.wait(60)
print("served")
"""


def alone(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess:
    """Run a command in a network namespace of its own, with a loopback and nothing else."""
    up = 'ip link set lo up 2>/dev/null || true; exec "$@"'
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **more}
    return subprocess.run(
        [*ALONE, "sh", "-c", up, "sh", *command], cwd=folder, env=env, capture_output=True,
        text=True, check=False, timeout=280,
    )  # fmt: skip


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no network namespaces")
    folder = tmp_path_factory.mktemp("bundle")
    made = subprocess.run(
        ["sh", ".machine/bundle.sh", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    (archive,) = folder.glob("*.tar.gz")
    subprocess.run(["tar", "-xzf", str(archive), "-C", str(folder)], check=True)
    return next(path for path in folder.iterdir() if path.is_dir())


@pytest.mark.nightly
def test_it_is_installed_and_serves_without_any_network(unpacked, tmp_path):
    installed = alone(["sh", "install.sh"], unpacked, PYTHON=sys.executable)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    again = alone(["sh", "install.sh"], unpacked, PYTHON=sys.executable)
    assert again.returncode == 0, again.stdout + again.stderr
    more = {"XINGPING_EMBEDDED": "1", "XINGPING_VAR": str(tmp_path / "var")}
    told = alone([sys.executable, "-c", LOOK], unpacked, **more)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "served" in told.stdout
    doctor = alone([".venv/bin/xingping", "doctor", "--json"], unpacked, **more)
    assert '"database"' in doctor.stdout, doctor.stderr


@pytest.mark.nightly
def test_a_bundle_that_was_damaged_is_refused(unpacked, tmp_path):
    other = tmp_path / "copy"
    shutil.copytree(unpacked, other, ignore=shutil.ignore_patterns(".venv"), symlinks=True)
    with (other / "config.py").open("a") as file:
        file.write("# changed on the way\n")
    told = alone(["sh", "install.sh"], other, PYTHON=sys.executable)
    assert told.returncode != 0
    assert "not whole" in told.stdout
    assert not (other / ".venv").exists()


def test_the_namespace_of_these_tests_has_no_way_out(tmp_path):
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no network namespaces")
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        ours.listen()
        code = f"import socket; socket.create_connection(('127.0.0.1', {ours.getsockname()[1]}), 1)"
        assert alone([sys.executable, "-c", code], tmp_path).returncode != 0
