"""People who use the portal at once, for Locust: each role goes through its day again and again.

`MIX` names a file with the people, their cookies and the addresses of their records; how often
they go through their day is fixed, so that two districts get exactly the same requests.
"""

import html
import json
import os
import random
import re
from pathlib import Path

from locust import HttpUser, constant, task
from locust.exception import StopUser

from tests.bench.days import DAYS

TOLD = json.loads(Path(os.environ["MIX"]).read_text())
GONE: list[int] = []  # who has finished
FORM = r'<form[^>]*action="{}"[^>]*>(.*?)</form>'
FIELD = re.compile(r"<input\b[^>]*>")
PICKED = re.compile(r'<select[^>]*name="(\w+)".*?<option[^>]*value="([^"]+)"', re.S)


def attribute(tag: str, name: str) -> str:
    """An attribute of a tag; empty where it has none."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def fields_of(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the form with this action, before anybody types."""
    form = re.search(FORM.format(re.escape(action)), page, re.S)
    if form is None:
        raise LookupError(f"no form for {action}")
    told = {name: html.unescape(value) for name, value in PICKED.findall(form[1])}
    for tag in FIELD.findall(form[1]):
        if attribute(tag, "type") not in {"file", "radio", "checkbox", "submit"}:
            told[attribute(tag, "name")] = attribute(tag, "value")
    told["_radios"] = {attribute(t, "name") for t in FIELD.findall(form[1]) if 'type="radio"' in t}
    return told


class Person(HttpUser):
    """One person; who it is stands in the file."""

    wait_time = constant(0)
    people = iter(TOLD["people"])

    def on_start(self) -> None:
        self.told = next(self.people)
        self.rounds = TOLD["rounds"]
        for cookie in filter(None, self.told["cookie"].split("; ")):
            self.client.cookies.set(*cookie.split("=", 1), domain="127.0.0.1", path="/")
        self.seen = {}

    @task
    def day(self) -> None:
        """One round; who has gone through all of them leaves, and the last one ends the whole."""
        for step in DAYS[self.told["day"]].split():
            if step.startswith("!"):
                getattr(self, step[1:])()
            else:
                self.open(step)
        self.rounds -= 1
        if not self.rounds:
            GONE.append(1)
            if len(GONE) == len(TOLD["people"]):
                self.environment.runner.quit()
            raise StopUser

    def open(self, step: str) -> str:
        """One page; the requests of a kind stand together in Locust's table."""
        with self.client.get(
            step.format(**self.told["urls"]), name=f"{self.told['day']} {step}", allow_redirects=False,
            catch_response=True,
        ) as reply:  # fmt: skip
            if reply.status_code not in {200, 304}:
                reply.failure(f"status {reply.status_code}")
            return reply.text or ""

    def send(self, name: str, url: str, told: dict, files: dict | None = None) -> None:
        """One form; a form that was taken is answered with another place."""
        told.pop("_radios", None)
        with self.client.post(
            url, data=told, files=files, name=f"{self.told['day']} !{name}", allow_redirects=False,
            catch_response=True,
        ) as reply:  # fmt: skip
            if reply.status_code not in {302, 303}:
                wrong = re.findall(
                    r"(?:invalid-feedback|<p|<li><a)[^>]*>([^<]+)<", reply.text or ""
                )
                reply.failure(f"status {reply.status_code} {wrong[:3]}")

    def live(self) -> None:
        """The open board asks whether something changed, three seconds long."""
        for _second in range(3):
            with self.client.get(
                "/board/live",
                name=f"{self.told['day']} !live",
                headers=self.seen,
                catch_response=True,
            ) as reply:
                if reply.status_code not in {200, 304}:
                    reply.failure(f"status {reply.status_code}")
                self.seen = {"If-None-Match": reply.headers.get("ETag", "")}

    def note(self) -> None:
        """An opinion on a paper."""
        url = self.told["urls"]["paper"]
        told = fields_of(self.open(url), f"{url}/notes")
        told |= {"body": "演示：请补充第三页的佐证", "kind": "suggestion"}
        self.send("note", f"{url}/notes", told)

    def upload(self) -> None:
        """A working paper of twenty kilobytes, with a number that is free."""
        urls = self.told["urls"]
        told = fields_of(self.open(urls["papers"] + "/new"), urls["papers"])
        told |= {
            "index_no": f"{random.choice('DEFGHIJ')}-{random.randrange(100, 10_000)}",
            "title": "演示核查记录",
            "unclassified": "y",
        }
        body = "".join(f"{random.random()},演示核查记录\n" for _n in range(500)).encode()
        self.send("upload", urls["papers"], told, {"file": ("核查.csv", body, "text/csv")})

    def rate(self) -> None:
        """A rating of an engagement that waits for this section."""
        if not (waiting := self.told["reviews"]):
            return
        url = f"/reviews/{waiting.pop()}"
        told = fields_of(self.open(url), url)
        told |= dict.fromkeys(told["_radios"], "4") | {"words": "演示：资料齐全"}
        self.send("rate", url, told)
