"""Another system asks: its tokens, its requests, and whether each answer is what the document says."""

import json
import secrets
from functools import cache
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from app import clock
from app.api import queries
from app.api.declaring import OPERATIONS
from app.api.document import document_of
from app.api.models import ApiToken, Scope
from app.api.problems import MEDIA_TYPE
from app.db import db
from tests.hostility import Client

DOCUMENT = "urn:document"


def token_for(user, *scopes, **changes):
    """A key for this account, kept as the service would keep it; by default for everything."""
    key = secrets.token_urlsafe(32)
    told = {"expires_on": clock.today(), "role": user.role, **changes}
    token = ApiToken(
        user_id=user.id, name="演示系统", digest=queries.digest_of(key), ending=key[-4:],
        scopes=sorted(scopes or Scope), made_at=clock.now(), **told,
    )  # fmt: skip
    db.session.add(token)
    db.session.commit()
    return key


class System:
    """Another system with a key of somebody's; every answer is held against the document."""

    def __init__(self, app, key="", language="zh"):
        self.client = Client(app, app.response_class, use_cookies=False)
        self.heads = {"Accept-Language": language}
        if key:
            self.heads["Authorization"] = f"Bearer {key}"

    def get(self, path, **heads):
        """Ask for a path below /api/v1."""
        return self.checked("GET", path, headers=self.heads | named(heads))

    def post(self, path, body, key="key-00000001", **heads):
        """Send a body under an idempotency key."""
        heads = self.heads | {"Idempotency-Key": key} | named(heads)
        return self.checked("POST", path, headers=heads, json=body)

    def checked(self, method, path, **more):
        """The reply, if it is what the document says of this address and status."""
        reply = self.client.open(f"/api/v1{path}", method=method, **more)
        operation = operation_of(method.lower(), urlsplit(path).path)
        check(operation, reply)
        return reply


def named(heads):
    return {name.replace("_", "-"): value for name, value in heads.items()}


def operation_of(method, path):
    """The document's entry for an address; None where there is none."""
    for operation in OPERATIONS.values():
        pattern = operation.path.split("/")
        parts = path.split("/")
        same = len(pattern) == len(parts) and all(
            one == other or (one.startswith("<int:") and other.isdigit())
            for one, other in zip(pattern, parts, strict=True)
        )
        if same and operation.method == method:
            return operation.name
    return None


@cache
def document():
    return document_of()


@cache
def validator(reference):
    whole = Resource.from_contents(document(), default_specification=DRAFT202012)
    registry = Registry().with_resource(DOCUMENT, whole)
    schema = {"$ref": f"{DOCUMENT}#{reference}"}
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def check(operation, reply):
    """The status is named in the document, and the body is of the shape named there."""
    if reply.status_code >= 400:
        assert reply.mimetype == MEDIA_TYPE, (operation, reply.status_code, reply.mimetype)
        validator("/components/schemas/Problem").validate(reply.get_json())
        assert reply.get_json()["status"] == reply.status_code
    if operation is None:
        return
    entry = OPERATIONS[operation]
    told = next(
        methods[entry.method]
        for methods in document()["paths"].values()
        if methods.get(entry.method, {}).get("operationId") == operation
    )
    assert str(reply.status_code) in told["responses"], (operation, reply.status_code, reply.data)
    content = told["responses"][str(reply.status_code)].get("content", {})
    if reply.status_code < 300 and "application/json" in content:
        reference = content["application/json"]["schema"]["$ref"].removeprefix("#")
        validator(reference).validate(json.loads(reply.data))
