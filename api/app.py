"""The web application: the API, the pages, health, and the life of the engine."""

import contextlib
from collections.abc import AsyncIterator
from http import HTTPStatus

from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel

from alliance_explorer import __version__
from alliance_explorer.engine import Engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.opening import open_from
from alliance_explorer.queries import Explorer, Thresholds, configured_thresholds
from alliance_explorer.queries.feasibility.services import service_table
from alliance_explorer.queries.graph.ties import default_weights
from alliance_explorer.settings import Settings, settings

from . import (
    bridge_pages,
    compare_pages,
    errors,
    explore_pages,
    exports,
    feasibility,
    feasibility_pages,
    firm_routes,
    matching,
    network_pages,
    networks,
    own_queries,
    pages,
    picturing,
    portfolio_pages,
    proximity,
    proximity_pages,
    query_pages,
    reach_pages,
    reaching,
    record_pages,
    records,
    routes,
    scenario_pages,
    scenarios,
    structure,
    structure_pages,
)
from .dependencies import each_once

RESOURCES = (
    exports,
    routes,
    proximity,
    feasibility,
    reaching,
    records,
    structure,
    firm_routes,
    scenarios,
    picturing,
    networks,
    own_queries,
    matching,
)
PAGES = (
    bridge_pages,
    proximity_pages,
    feasibility_pages,
    reach_pages,
    structure_pages,
    portfolio_pages,
    scenario_pages,
    explore_pages,
    network_pages,
    compare_pages,
    query_pages,
    record_pages,
)

DESCRIPTION = """Who in my network bridges to this partner, and what does my alliance portfolio look
like? Every score comes with its arithmetic, every tie with its dates and source."""


class Health(BaseModel):
    """How the server is."""

    status: str
    engine: str | None = None
    version: str = __version__


def create_app(configured: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The application.

    Parameters
    ----------
    configured : Settings, optional
        The process's settings unless given.
    engine : Engine, optional
        An open engine to use and leave open; else the one that the settings name is opened at the
        start and closed at the end.
    """
    config = configured or settings()
    # What is configured wrongly is told now, not when somebody asks.
    Thresholds.of(configured_thresholds(config.proximity))
    default_weights(config.weights)

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        with contextlib.ExitStack() as stack:
            used = engine or stack.enter_context(open_from(config))
            used.define(ddl(used.dialect))
            app.state.explorer = Explorer(used, keep=config.keep_projection)
            yield

    app = FastAPI(
        title="Alliance Explorer",
        version=__version__,
        description=DESCRIPTION,
        lifespan=life,
        docs_url=None,  # the interactive page would come from a CDN
        redoc_url=None,
    )
    app.state.settings = config
    app.state.services = service_table(config.services)
    errors.install(app)
    for resource in RESOURCES:
        app.include_router(resource.router, dependencies=[Depends(each_once)])

    @app.get("/healthz", tags=["health"])
    def healthz() -> Health:
        """Whether the process is alive."""
        return Health(status="alive")

    @app.get("/readyz", tags=["health"], responses=errors.problems(HTTPStatus.SERVICE_UNAVAILABLE))
    def readyz(request: Request) -> Health:
        """Whether the database answers."""
        explorer: Explorer = request.app.state.explorer
        explorer.engine.read("RETURN 1 AS one")
        return Health(status="ready", engine=explorer.engine.dialect)

    app.include_router(explore_pages.for_scripts)
    pages.install(app, *(page.router for page in PAGES))
    return app
