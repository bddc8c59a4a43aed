"""A web scanner over the running portal, signed in as several people of the demonstration.

`make scan` works on a copy of the district in XINGPING_VAR (var/), which the attacks may spoil. The
scanner is Wapiti, from an environment of its own: its licence is not ours, so it is never shipped.
How its findings are answered stands on the portal's page of threats (/help/threats).
"""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
PEOPLE = ("", "jixiao", "danwei1", "jigou1", "anquan", "juzhang")  # a visitor, and five roles
# What needs a server of the scanner's own outside (ssrf, xxe, log4shell) is tried by tests/.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,"
    "redirect,sql,timesql,upload,xss"
)
# They would end the session under which the scan goes on.
LEFT_OUT = ("*/sign-out*", "*/sign-ins*", "*/password*", "*/languages/*", "*/static/*")
CRAWL, ATTACK = os.environ.get("SCAN_CRAWL", "240"), os.environ.get("SCAN_ATTACK", "60")


def main() -> int:
    """Scan, and tell what was found; 2 where it can't be done."""
    scanner = os.environ.get("WAPITI") or shutil.which("wapiti")
    if not scanner:
        print("The scanner is absent: python3 -m venv /tmp/wapiti && /tmp/wapiti/bin/pip install"
              " wapiti3 && make scan WAPITI=/tmp/wapiti/bin/wapiti")  # fmt: skip
        return 2
    district = Path(os.environ.get("XINGPING_VAR") or ROOT / "var")
    if not (district / "demonstration-sign-ins.txt").exists():
        print(f"{district} holds no demonstration district: make run makes one")
        return 2
    reports = Path(os.environ.get("SCAN_REPORTS") or ROOT / "var" / "scan")
    reports.mkdir(parents=True, exist_ok=True)
    return tell(scanned(scanner, district, reports))


def scanned(scanner: str, district: Path, reports: Path) -> list[tuple[str, dict]]:
    """Everybody's scan of one server over a copy of the district."""
    with tempfile.TemporaryDirectory() as folder:
        copy, port = Path(folder) / "district", free_port()
        shutil.copytree(district, copy)
        env = {**os.environ, "XINGPING_VAR": str(copy), "XINGPING_EMBEDDED": "1"}
        serve = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--no-demo"]
        with (reports / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [*serve, "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        try:
            wait_for(port)
            password = password_in(copy / "demonstration-sign-ins.txt")
            # all before the first attack: guessing at the sign-in soon locks this address out
            cookies = {who: sign_in(port, who, password) if who else "" for who in people()}
            return [scan(scanner, port, who, cookies[who], reports) for who in cookies]
        finally:
            server.terminate()
            server.wait(30)


def people() -> list[str]:
    """Who scans: all, or those of SCAN_AS, of which a dash is the visitor."""
    asked = os.environ.get("SCAN_AS")
    return [name.replace("-", "") for name in asked.split(",")] if asked else list(PEOPLE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def password_in(path: Path) -> str:
    return re.search(r"password: (\S+)", path.read_text(encoding="utf-8"))[1]


def wait_for(port: int) -> None:
    for _second in range(300):
        try:
            if ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("the portal does not answer")


def ask(
    port: int, method: str, path: str, body: str = "", cookie: str = ""
) -> tuple[int, str, str]:
    """Status, the session's cookie and the text of one answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    line.request(method, path, body or None, headers)
    reply = line.getresponse()
    text = reply.read().decode(errors="replace")
    line.close()
    return reply.status, (reply.getheader("Set-Cookie") or cookie).partition(";")[0], text


def sign_in(port: int, login: str, password: str) -> str:
    """The cookie of a person who has signed in."""
    _status, cookie, text = ask(port, "GET", "/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)[1]
    form = urlencode({"login": login, "password": password, "csrf_token": token})
    status, cookie, _text = ask(port, "POST", "/sign-in", form, cookie)
    if status != 302:
        raise SystemExit(f"{login} can't sign in")
    # the first page draws the token of the forms, which then stays for the whole scan
    return ask(port, "GET", "/", cookie=cookie)[1]


def scan(scanner: str, port: int, who: str, cookie: str, reports: Path) -> tuple[str, dict]:
    """One person's scan: what the scanner's report says."""
    report, base = reports / f"{who or 'visitor'}.json", f"http://127.0.0.1:{port}/"
    report.unlink(missing_ok=True)
    session = ["-C", cookie] if who else []
    left = [word for one in LEFT_OUT for word in ("-x", f"http://127.0.0.1:{port}{one[1:]}")]
    with (
        (reports / f"{who or 'visitor'}.log").open("wb") as log,
        tempfile.TemporaryDirectory() as own,
    ):
        subprocess.run(
            [scanner, "-u", base, *session, *left, "-m", MODULES, "-d", "4", "--max-links-per-page", "60",
             "--max-files-per-dir", "10", "--max-parameters", "20", "--max-scan-time", CRAWL,
             "--max-attack-time", ATTACK, "--tasks", "4", "-S", "normal", "-t", "20", "-v", "1",
             "--no-bugreport", "--store-session", own, "--flush-session", "-f", "json", "-o", str(report)],
            stdout=log, stderr=log, check=False,
        )  # fmt: skip
    return who or "visitor", json.loads(report.read_text()) if report.exists() else {}


def tell(found: list[tuple[str, dict]]) -> int:
    """What was found, by kind; 1 where a scan did not end."""
    wrong = 0
    for who, report in found:
        if not report:
            print(f"{who}: no report, see its log")
            wrong = 1
            continue
        pages = report.get("infos", {}).get("crawled_pages_nbr")
        print(f"{who}: {pages} pages")
        for part in ("vulnerabilities", "anomalies"):
            for kind, rows in report.get(part, {}).items():
                found_here = Counter(
                    re.sub(r"http://\S+|/\S*\d\S*", "…", row["info"]) for row in rows
                )
                for info, count in found_here.most_common(12):
                    print(f"  {kind}: {info} × {count}, first at {rows[0]['path']}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
