"""Neo4j Community as a plain Java process, fetched with Maven."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import neo4j

from .server import Server, Unavailable, free_port

_HERE = Path(__file__).parent
_CACHE = _HERE.parents[1] / ".cache" / "neo4j"
_DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_INITIAL_PASSWORD = "neo4j"  # every new server has it, and lets one do nothing but change it
_START_SECONDS = 120.0
# Compile quickly rather than well: it halves the server's processor time in a run of the tests.
_QUICK = ["-XX:TieredStopAtLevel=1"]

# Becomes "$@", leaving behind a watch that kills it when standard input, a pipe from us, closes:
# because we closed it, or because we are gone, even by SIGKILL, which runs no exit handler.
_UNTIL_INPUT_ENDS = 'exec 3<&0 </dev/null; { read _ <&3; kill -9 $$; } & exec 3<&-; exec "$@"'


def fetch(version: str) -> Path:
    """The folder with the server's jars, downloaded on the first call (about 120 MB)."""
    home = _CACHE / version
    if home.is_dir():
        return home
    maven = shutil.which("mvn")
    if maven is None:
        raise Unavailable("Neo4j needs Maven (mvn) to be fetched")
    _CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE, prefix=f"{version}-") as scratch:
        done = subprocess.run(
            [
                maven,
                "--batch-mode",
                "--no-transfer-progress",
                "--quiet",
                "--update-snapshots",  # or else what failed once is not tried again for a day
                "--strict-checksums",
                f"--file={_HERE / 'pom.xml'}",
                f"-Dneo4j.version={version}",
                f"{_DEPENDENCY_PLUGIN}:copy-dependencies",
                "-DincludeScope=runtime",
                f"-DoutputDirectory={scratch}/jars",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise Unavailable(f"Maven could not fetch Neo4j {version}: {_error(done.stdout)}")
        try:  # a rename is all or nothing: a folder that is there is complete
            Path(scratch, "jars").rename(home)
        except OSError:
            if not home.is_dir():  # made by another run in the meantime, and as good
                raise
    return home


def _error(output: str) -> str:
    lines = re.sub(r"\x1b\[[\d;]*m", "", output).splitlines()
    return next((line for line in lines if "ERROR" in line), "\n".join(lines[-3:]))


def find_java(version: str) -> str:
    """A Java that this Neo4j runs on: JAVA_HOME, the one on PATH, or another one installed."""
    wanted = (17, 21) if version.startswith("5.") else (21, 25)
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    candidates = [home / "bin" / "java" for home in homes]
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    candidates += sorted(Path("/usr/lib/jvm").glob("*/bin/java"))
    found = {}
    for program in candidates:
        found[program] = _major(program)
        if found[program] in wanted:
            return str(program)
    raise Unavailable(
        f"Neo4j {version} needs Java {' or '.join(map(str, wanted))}, "
        f"found {sorted({v for v in found.values() if v}) or 'none'}"
    )


def _major(program: Path) -> int | None:
    try:
        done = subprocess.run([program, "-version"], capture_output=True, text=True)
    except OSError:
        return None
    match = re.search(r'version "(\d+)', done.stderr)
    return int(match[1]) if match else None


@contextlib.contextmanager
def running(java: str, home: Path, work: Path) -> Iterator[Server]:
    """A server on a free loopback port that ends with this context, or with this process.

    Parameters
    ----------
    java : str
        What `find_java` gave.
    home : Path
        What `fetch` gave.
    work : Path
        Its data and logs. Given a second time, also after a crash, the server goes on from there.
    """
    port = free_port()
    is_new = not (work / "data").exists()
    _configure(work, port)
    console = work / "console.log"
    command = [java, "-Xmx512m", *_QUICK, "-cp", f"{home}/*", _main_class(home)]
    command += [f"--home-dir={work}", f"--config-dir={work}", "--console-mode"]
    with console.open("ab") as log:
        process = subprocess.Popen(
            ["sh", "-c", _UNTIL_INPUT_ENDS, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C is for pytest, which then ends the server itself
        )
    try:
        _await_port(port, process, console)
        server = Server(f"neo4j://127.0.0.1:{port}")
        if is_new:
            _set_password(server)
        yield server
    finally:
        # The kill of _UNTIL_INPUT_ENDS. SIGTERM would take ten seconds, and there is no need for
        # a clean end: Neo4j recovers from this one.
        process.communicate()


def _configure(work: Path, port: int) -> None:
    settings = {
        "server.directories.data": work / "data",
        "server.directories.logs": work / "logs",
        "server.directories.run": work,
        "server.directories.import": work,  # unset would mean: any file
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.pagecache.size": "64m",
        "db.tx_log.preallocate": "false",  # else 256 MB per database
        # A throw-away server tells nobody about itself.
        "dbms.usage_report.enabled": "false",
        "client.allow_telemetry": "false",
        "dbms.fleet_manager.enabled": "false",
        "server.fleet_discovery.enabled": "false",
        "db.query.default_language": "CYPHER_25",
        # The last three are unknown to 5.26, which then runs Cypher 5.
        "server.config.strict_validation.enabled": "false",
    }
    work.mkdir(parents=True, exist_ok=True)
    (work / "neo4j.conf").write_text("".join(f"{k}={v}\n" for k, v in settings.items()))


def _main_class(home: Path) -> str:
    """The class that Neo4j's own launcher would start; its name differs between releases."""
    with zipfile.ZipFile(home / f"neo4j-{home.name}.jar") as jar:
        service = jar.read("META-INF/services/org.neo4j.server.startup.EntryPoint")
    return service.decode().strip()


def _await_port(port: int, process: subprocess.Popen[bytes], console: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            end = console.read_text(errors="replace").splitlines()[-30:]
            raise RuntimeError("Neo4j did not start:\n" + "\n".join(end))
        time.sleep(0.1)


def _set_password(server: Server) -> None:
    with neo4j.GraphDatabase.driver(server.uri, auth=(server.user, _INITIAL_PASSWORD)) as driver:
        driver.execute_query(
            "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
            old=_INITIAL_PASSWORD,
            new=server.password,
            database_="system",
        )
