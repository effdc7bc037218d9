"""The one table that maps domain errors to problem documents (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException

from alliance_explorer import errors
from alliance_explorer.loaders import LoadRefused

log = logging.getLogger("alliance_explorer.api")

# Most specific first; what is not here is a fault of ours and says nothing but that.
STATUS: Mapping[type[Exception], HTTPStatus] = {
    errors.UnknownActor: HTTPStatus.NOT_FOUND,
    errors.AmbiguousActor: HTTPStatus.CONFLICT,
    errors.InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    LoadRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SourceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.QueryTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    errors.EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
MAX_DETAILS = 100


class NearName(BaseModel):
    """A name that may have been meant."""

    id: str
    name: str


class FieldProblem(BaseModel):
    """One thing wrong with one field."""

    field: str
    reason: str
    file: str | None = None
    line: int | None = None


class ProblemDocument(BaseModel):
    """What went wrong, as RFC 9457 has it, with what may help."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field("about:blank", description="always about:blank: the status says the kind")
    title: str
    status: int
    detail: str
    nearest: list[NearName] | None = Field(None, description="names that may have been meant")
    errors: list[FieldProblem] | None = Field(None, description="what is wrong with which field")


PROBLEM = {"model": ProblemDocument, "content": {"application/problem+json": {}}}


def problems(*statuses: HTTPStatus) -> dict[int | str, dict[str, object]]:
    """OpenAPI entries for the problems that a route may answer with."""
    return {int(s): {**PROBLEM, "description": s.phrase} for s in statuses}


COMMON = problems(
    HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT
)
NAMED = COMMON | problems(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


def answer(
    status: HTTPStatus,
    detail: str,
    more: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem document as a response."""
    document = ProblemDocument.model_validate(
        {"title": status.phrase, "status": int(status), "detail": detail, **(more or {})}
    )
    return JSONResponse(
        document.model_dump(exclude_none=True),
        status_code=int(status),
        media_type="application/problem+json",
        headers=dict(headers or {}),
    )


def status_of(exc: Exception) -> HTTPStatus:
    """The status that the table gives an error."""
    return next(
        (s for t, s in STATUS.items() if isinstance(exc, t)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def install(app: FastAPI) -> None:
    """Let every error of an app answer with a problem document."""

    @app.exception_handler(errors.AllianceExplorerError)
    def domain(request: Request, exc: errors.AllianceExplorerError) -> JSONResponse:
        status = status_of(exc)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            return unexpected(request, exc)
        more: dict[str, object] = {}
        if isinstance(exc, errors.UnknownActor | errors.AmbiguousActor):
            more["nearest"] = [{"id": i, "name": n} for i, n in exc.nearest]
        if isinstance(exc, errors.InvalidRequest) and exc.field:
            more["errors"] = [{"field": exc.field, "reason": str(exc)}]
        if isinstance(exc, LoadRefused):
            more["errors"] = [
                {"field": p.field, "reason": p.reason, "file": r.file, "line": r.line}
                for r in exc.rejects[:MAX_DETAILS]
                for p in r.problems
            ]
        return answer(status, str(exc), more)

    @app.exception_handler(RequestValidationError)
    def invalid_request(request: Request, exc: RequestValidationError) -> JSONResponse:
        return _invalid(exc.errors())

    @app.exception_handler(ValidationError)
    def invalid_options(request: Request, exc: ValidationError) -> JSONResponse:
        return _invalid(exc.errors())

    @app.exception_handler(HTTPException)
    def http(request: Request, exc: HTTPException) -> JSONResponse:
        return answer(HTTPStatus(exc.status_code), str(exc.detail), headers=exc.headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, exc: Exception) -> JSONResponse:
        log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
        return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here; it is logged")


def _invalid(found: object) -> JSONResponse:
    assert isinstance(found, list | tuple)
    fields = [
        {
            "field": ".".join(str(x) for x in e["loc"] if x not in ("query", "path", "body"))
            or "body",
            "reason": e["msg"].removeprefix("Value error, "),
        }
        for e in found[:MAX_DETAILS]
    ]
    detail = "; ".join(f"{f['field']}: {f['reason']}" for f in fields)
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, detail, {"errors": fields})
