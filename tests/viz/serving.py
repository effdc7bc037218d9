"""The whole application on a port of this machine."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import uvicorn

from alliance_explorer.api.app import create_app
from alliance_explorer.engine import open_engine
from alliance_explorer.graph_schema import ddl
from alliance_explorer.loaders import load
from tests.support.tiny import TODAY, Rows, examples, write


@contextlib.contextmanager
def serving(folder: Path, *more: Rows, sources: Sequence[Path] = ()) -> Iterator[str]:
    """Give the address of an application that holds the bundled cases, and more rows and files."""
    with open_engine(f"ladybug://{folder / 'site.lbug'}") as engine:
        engine.define(ddl(engine.dialect))
        examples(engine)
        for rows in more:
            write(engine, rows)
        if sources:
            load(engine, [*map(str, sources)], max_download=0, download_timeout=0, today=TODAY)
        app = create_app(engine=engine)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.02)
            port = server.servers[0].sockets[0].getsockname()[1]
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)
