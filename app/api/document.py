"""The OpenAPI 3.1 document, made of the declarations that make the routes too."""

import re
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from flask import current_app, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.api.declaring import OPERATIONS, Bytes, Operation
from app.api.problems import MEDIA_TYPE, TITLES, Problem
from app.api.receipts import HEADER
from app.api.shaping import GREATEST, Plain, definition, hints, plain, schema_of

VERSION = "1.0.0"
USUAL = (400, 401, 403, 404, 422, 429, 503)
WRITING = (409, 413, 415)
VARIABLE = re.compile(r"<int:(\w+)>")
JSON = "application/json"


def document_of() -> Plain:
    """The whole document, in the reader's language; it is made once a language."""
    return _made(str(get_locale()), str(current_app.config["BUREAU_NAME"]))


@cache
def _made(_locale: str, bureau: str) -> Plain:
    used: dict[str, Any] = {"Problem": Problem}
    paths: dict[str, Plain] = {}
    for operation in OPERATIONS.values():
        paths.setdefault(path_of(operation), {})[operation.method] = _operation(operation, used)
    schemas: dict[str, Plain] = {}
    while waiting := [name for name in used if name not in schemas]:
        for name in waiting:
            schemas[name] = definition(used[name], used)
    bearer = {"type": "http", "scheme": "bearer", "description": _("A token of an account")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Xingping's API of %(bureau)s", bureau=bureau),
            "version": VERSION,
            "description": _(
                "A token belongs to an account and shows what its pages show. Money is in fen,"
                " times are UTC, days those of Shanghai."
            ),
        },
        "servers": [{"url": url_for("pages.home") + "api/v1"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": bearer},
        },
    }


def path_of(operation: Operation) -> str:
    """An address as OpenAPI writes it."""
    return VARIABLE.sub(r"{\1}", operation.path)


def _operation(operation: Operation, used: dict[str, Any]) -> Plain:
    scopes = [str(operation.scope)] if operation.scope else []
    told: Plain = {
        "operationId": operation.name,
        "tags": [operation.path.split("/")[1]],
        "summary": str(operation.words),
        "security": [{"token": scopes}],
        "parameters": [*_in_path(operation), *_in_query(operation, used)],
        "responses": _responses(operation, used),
    }
    if operation.body is not None:
        told["parameters"].append(_key())
        content = {JSON: {"schema": schema_of(operation.body, used)}}
        told["requestBody"] = {"required": True, "content": content}
    else:
        told["parameters"].append(_mark())
    return told


def _in_path(operation: Operation) -> list[Plain]:
    number = {"type": "integer", "minimum": 0, "maximum": GREATEST}
    names = VARIABLE.findall(operation.path)
    return [{"name": name, "in": "path", "required": True, "schema": number} for name in names]


def _in_query(operation: Operation, used: dict[str, Any]) -> list[Plain]:
    found: list[Plain] = []
    if operation.asks is None:
        return found
    for field in fields(operation.asks):
        schema = _not_null(schema_of(hints(operation.asks)[field.name], used))
        words = schema.pop("description", "")
        required = field.default is MISSING
        if not required and field.default is not None:
            schema["default"] = plain(field.default)
        told = {"name": field.name, "in": "query", "required": required, "schema": schema}
        found.append(told | {"description": words})
    return found


def _not_null(schema: Plain) -> Plain:
    """An argument of an address is there or not; there is no null."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        schema["type"] = kinds[0]
    if "enum" in schema:
        schema["enum"] = [one for one in schema["enum"] if one is not None]
    return schema


def _key() -> Plain:
    words = _("What you make up for this request: sent again with it, it is done once")
    schema = {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"}
    told = {"name": HEADER, "in": "header", "required": True, "schema": schema}
    return told | {"description": words}


def _mark() -> Plain:
    words = _("The ETag of what you have; 304 tells that it is still so")
    told: Plain = {"name": "If-None-Match", "in": "header", "required": False}
    return told | {"schema": {"type": "string"}, "description": words}


def _responses(operation: Operation, used: dict[str, Any]) -> Plain:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    codes = (*USUAL, *(WRITING if operation.body else ()))
    if operation.answer is Bytes:
        codes = (*codes, 410)
    found: Plain = {"201" if operation.body else "200": _good(operation, used)}
    if operation.body is None:
        found["304"] = {"description": _("What you have is still so")}
    for code in sorted(codes):
        found[str(code)] = {"description": str(TITLES[code]), "content": content}
    return found


def _good(operation: Operation, used: dict[str, Any]) -> Plain:
    if operation.answer is Bytes:
        bytes_of = {"*/*": {"schema": {"type": "string", "contentMediaType": "*/*"}}}
        return {"description": _("The file's bytes"), "content": bytes_of}
    schema = schema_of(operation.answer, used)
    return {"description": str(operation.words), "content": {JSON: {"schema": schema}}}
