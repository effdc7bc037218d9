"""What every page shares: guarded headers, links, and errors that are pages too."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from alliance_explorer import viz
from alliance_explorer.errors import (
    AllianceExplorerError,
    AmbiguousActor,
    QueryTimeout,
    UnknownActor,
)
from alliance_explorer.queries.library import ran
from alliance_explorer.viz.links import Links
from alliance_explorer.viz.made_of import own_queries

from .errors import status_of

log = logging.getLogger("alliance_explorer.pages")

HEADERS: Final = {
    # Scripts, styles and data come from here alone; nothing may stand inline, nothing may frame us.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class PageRoute(APIRoute):
    """A route whose errors are pages too, and whose answers carry `HEADERS`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with both added."""
        handle = super().get_route_handler()

        async def page(request: Request) -> Response:
            # Whatever is read for the page is written down, so that the page can show it.
            noted = ran.set({})
            off = own_queries.set(request.app.state.settings.own_queries)
            try:
                response = await handle(request)
            except Exception as exc:
                response = failed(request, exc)
            finally:
                ran.reset(noted)
                own_queries.reset(off)
            response.headers.update(HEADERS)
            return response

        return page


def failed(request: Request, exc: Exception) -> Response:
    """Return the page for an error; of a fault of ours it says nothing but that."""
    links = links_of(request)
    suggestions: Sequence[tuple[str, str, str]] = ()
    status = status_of(exc)
    if isinstance(exc, UnknownActor | AmbiguousActor):
        several = isinstance(exc, AmbiguousActor)
        title = "Several have this name" if several else "Nobody here has this name"
        message = "Say which one you mean." if several else "Look for a part of the name instead."
        suggestions = [(name, id_, links.actor(id_)) for id_, name in exc.nearest]
    elif isinstance(exc, RequestValidationError):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        title, message = "That cannot be asked so", "A part of the address is too long or wrong."
    elif isinstance(exc, HTTPException):
        status = HTTPStatus(exc.status_code)
        title, message = status.phrase, "There is no page at this address."
        if status != HTTPStatus.NOT_FOUND:
            message = str(exc.detail)
    elif isinstance(exc, QueryTimeout):
        title = "This took too long"
        message = "The search was stopped. Fewer introductions or fewer kinds of ties are quicker."
    elif isinstance(exc, AllianceExplorerError) and status != HTTPStatus.INTERNAL_SERVER_ERROR:
        title, message = status.phrase, sentence(exc)
    else:
        log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
        title, message = "Something went wrong here", "It is logged. Trying again may help."
    page = viz.error_page(
        links, status=int(status), title=title, message=message, suggestions=suggestions
    )
    return HTMLResponse(page, status)


def links_of(request: Request, as_of: str = "", known_at: str = "") -> Links:
    """Links as a page shows them: under the same root, as of the same day."""
    base = str(request.scope.get("root_path", "")).rstrip("/")
    origin = str(request.base_url.replace(path="", query="")).rstrip("/")
    return Links(base, as_of.strip(), known_at.strip(), origin)


def sentence(exc: Exception) -> str:
    """An error as a sentence."""
    text = str(exc)
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
