"""The wheel: nothing is left out, and it works where there is no checkout.

What the Dockerfile does is done here without Docker: the same files are built, and the same
commands run.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.neo4j_server.server import free_port
from tests.support import docker_files

ROOT = docker_files.ROOT
PYPROJECT: dict[str, Any] = tomllib.loads(Path(ROOT, "pyproject.toml").read_text())
FOLDERS: dict[str, str] = PYPROJECT["tool"]["setuptools"]["package-dir"]


def source_files() -> Iterator[tuple[Path, str]]:
    """Every file of the package, and its name in the wheel."""
    for package, folder in FOLDERS.items():
        for path in sorted(Path(ROOT, folder).rglob("*")):
            inside = path.relative_to(ROOT / folder).as_posix()
            if path.is_file() and not re.search(r"(^|/)(__pycache__/|\.)", inside):
                yield path, f"{package.replace('.', '/')}/{inside}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # In a copy, because setuptools would leave its own files here and take old ones along.
    copy = tmp_path_factory.mktemp("context")
    for name in docker_files.build_context():
        if Path(ROOT, name).is_dir():
            shutil.copytree(ROOT / name, copy / name)
        else:
            shutil.copy(ROOT / name, copy)
    wheels = tmp_path_factory.mktemp("wheels")
    pip("wheel", "--no-deps", "--no-build-isolation", f"--wheel-dir={wheels}", str(copy))
    (built,) = wheels.iterdir()
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the programs of a new environment in which the wheel is installed."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home)
    programs = home / "bin"
    pip(f"--python={programs / 'python'}", "install", "--no-deps", str(wheel))
    # Dependencies are borrowed from here, as downloading them takes a minute. A line in a .pth
    # file brings in a folder without the folder's own .pth files: not the editable install.
    (site,) = home.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def output(programs: Path, folder: Path, program: str, *arguments: str) -> str:
    """What an installed program prints when it is run in some folder."""
    return subprocess.run(
        [programs / program, *arguments],
        cwd=folder,
        env=outside(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def outside() -> dict[str, str]:
    """The environment without what would lead back to this checkout or to another database."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("ALLIANCE_", "PYTHON"))}


def test_wheel_has_every_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    # A folder or a kind of file that is new may need a line in pyproject.toml.
    assert packed == {name for _, name in source_files()}


def test_wheel_has_the_license(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("/LICENSE"))
        assert archive.read(name) == Path(ROOT, "LICENSE").read_bytes()


def test_every_import_is_declared() -> None:
    project = PYPROJECT["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["notebook"]]
    declared = {_name(requirement) for requirement in needed}
    providers = packages_distributions()
    known = {*sys.stdlib_module_names, "alliance_explorer"}
    undeclared = {
        (path.relative_to(ROOT).as_posix(), module)
        for path, _ in source_files()
        if path.suffix == ".py"
        for module in _imports(path) - known
        if not declared & {_name(provider) for provider in providers.get(module, ())}
    }
    assert undeclared == set()


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement)[0].replace("_", "-").lower()


def test_installed_program_says_its_version(programs: Path, tmp_path: Path) -> None:
    assert PYPROJECT["project"]["version"] in output(
        programs, tmp_path, "alliance-explorer", "--version"
    )


def test_installed_package_is_not_the_checkout(programs: Path, tmp_path: Path) -> None:
    code = "import alliance_explorer; print(alliance_explorer.__file__)"
    assert Path(output(programs, tmp_path, "python", "-c", code)).is_relative_to(programs.parent)


def test_container_command_becomes_healthy(programs: Path, tmp_path: Path) -> None:
    command, check = docker_files.command(), docker_files.health_check()
    port = str(free_port())
    command[command.index("--port") + 1] = port
    command[command.index("--host") + 1] = "127.0.0.1"
    check[-1] = check[-1].replace(f":{docker_files.instruction('EXPOSE')}/", f":{port}/")
    with _running(programs, command, tmp_path) as process:
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            program, *arguments = check
            healthy = subprocess.run([programs / program, *arguments], capture_output=True)
            if healthy.returncode == 0:
                return
        pytest.fail("the container would not become healthy")


@contextmanager
def _running(programs: Path, command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    program, *arguments = command
    process = subprocess.Popen([programs / program, *arguments], cwd=folder, env=outside())
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
