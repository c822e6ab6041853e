"""The control interface as an OpenAPI 3.1 document, made from its table."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from emulator.core.volumes import MOST_NAS
from emulator.edge.control.models import Refusal
from emulator.edge.control.routes import Route

DOCUMENT_PATH = "/v1/openapi.json"

_IN_PATH: dict[str, dict[str, Any]] = {
    "id": {"type": "integer", "minimum": 1},
    "volume": {"type": "string", "enum": ["sd", *(f"nas{n + 1}" for n in range(MOST_NAS))]},
}
"""What stands in a path's braces, by its name."""

REASONS = {
    400: "the body is not JSON, or not of the schema; nothing was done",
    401: "the bearer token is missing or wrong",
    404: "there is no such thing",
    405: "the path does not take this method",
    409: "it can't be done as things are now",
    413: "the body is too large",
    422: "a value is well formed, but can't be; nothing was done",
}


def document(routes: Iterable[Route], version: str, needs_token: bool) -> dict[str, Any]:
    """Return the document. `version` is stuntcam's own."""
    routes = list(routes)
    named: list[tuple[type[BaseModel], Any]] = [(Refusal, "serialization")]
    for route in routes:
        if route.takes is not None and issubclass(route.takes, BaseModel):
            named.append((route.takes, "validation"))
        if route.gives is not None and issubclass(route.gives, BaseModel):
            named.append((route.gives, "serialization"))
    refs, schemas = models_json_schema(named, ref_template="#/components/schemas/{model}")
    components: dict[str, Any] = {"schemas": schemas["$defs"]}
    told: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "stuntcam control interface",
            "version": version,
            "description": "Time, scene, storage, faults and mains of one emulated camera.",
        },
        "paths": {},
        "components": components,
    }
    if needs_token:
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        told["security"] = [{"token": []}]
    for route in routes:
        operation = _operation(route, refs, needs_token)
        told["paths"].setdefault(route.path, {})[route.method.lower()] = operation
    told["paths"][DOCUMENT_PATH] = {
        "get": {
            "operationId": "openapi",
            "summary": "This document.",
            "responses": {"200": _answer("the document", {"application/json": {"schema": {}}})}
            | _refusals((401,) if needs_token else (), refs),
        }
    }
    return told


def _operation(route: Route, refs: Any, needs_token: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": route.name, "summary": route.about}
    statuses = set(route.refuses)
    if needs_token:
        statuses.add(401)
    if route.takes is not None:
        statuses |= {413} if route.takes is bytes else {400, 413}
        content = _content(route.takes, "validation", refs)
        operation["requestBody"] = {"required": not may_be_left_out(route), "content": content}
    if "{" in route.path:
        name = route.path.split("{")[1].split("}")[0]
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": _IN_PATH[name]}
        ]
    content = {} if route.gives is None else _content(route.gives, "serialization", refs)
    operation["responses"] = {str(route.status): _answer("done", content)}
    operation["responses"] |= _refusals(sorted(statuses), refs)
    return operation


def may_be_left_out(route: Route) -> bool:
    """Tell whether a request may come without its body: everything in it has a default."""
    if route.takes is None:
        return True
    if not issubclass(route.takes, BaseModel):
        return False
    return route.method == "POST" and not any(
        field.is_required() for field in route.takes.model_fields.values()
    )


def _content(model: type[BaseModel] | type[bytes], mode: str, refs: Any) -> dict[str, Any]:
    if not issubclass(model, BaseModel):
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": refs[(model, mode)]}}


def _answer(about: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"description": about} | ({"content": content} if content else {})


def _refusals(statuses: Iterable[int], refs: Any) -> dict[str, Any]:
    return {
        str(status): _answer(REASONS[status], _content(Refusal, "serialization", refs))
        for status in statuses
    }
