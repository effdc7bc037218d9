"""What can be said of the Docker files without Docker."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from alliance_explorer.engine.open import BOLT_SCHEMES
from alliance_explorer.settings import Settings
from tests.support import docker_files

TEXT = Path(docker_files.ROOT, "docker-compose.yml").read_text()
COMPOSE: Mapping[str, Any] = yaml.safe_load(TEXT)
SERVICES: Mapping[str, Any] = COMPOSE["services"]
API: Mapping[str, str | None] = SERVICES["api"]["environment"]


def test_does_not_start_without_a_password() -> None:
    assert "${NEO4J_PASSWORD:?" in SERVICES["neo4j"]["environment"]["NEO4J_AUTH"]


def test_secrets_come_from_the_environment_alone() -> None:
    assert API["ALLIANCE_EXPLORER_DB_PASSWORD"] == "${NEO4J_PASSWORD}"
    # No value at all: an empty one would be a key that everybody has.
    assert API["ALLIANCE_EXPLORER_WRITE_KEY"] is None
    assert not re.search(r"\$\{\w+:?-", TEXT), "no variable has a default"


def test_neo4j_is_given_no_variable_that_it_would_take_for_a_setting() -> None:
    assert SERVICES["neo4j"]["environment"].keys() == {"NEO4J_AUTH"}


def test_ports_are_open_on_loopback_only() -> None:
    ports = [port for service in SERVICES.values() for port in service["ports"]]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_data_is_in_named_volumes() -> None:
    mounts = dict(reversed(v.split(":")) for v in SERVICES["neo4j"]["volumes"])
    assert mounts.keys() == {"/data", "/logs"}
    assert set(mounts.values()) == COMPOSE["volumes"].keys()


def test_api_waits_for_a_healthy_neo4j() -> None:
    assert SERVICES["api"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert SERVICES["neo4j"]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("variable", API)
def test_api_knows_its_variables(variable: str) -> None:
    prefix = Settings.model_config["env_prefix"]
    assert variable.startswith(prefix)
    assert variable.removeprefix(prefix).lower() in Settings.model_fields


def test_api_finds_neo4j() -> None:
    url = urlsplit(API["ALLIANCE_EXPLORER_DB"])
    assert url.scheme in BOLT_SCHEMES
    assert url.hostname in SERVICES
    assert f"127.0.0.1:{url.port}:{url.port}" in SERVICES[str(url.hostname)]["ports"]


def test_one_port_from_the_program_to_the_outside() -> None:
    command = docker_files.command()
    port = command[command.index("--port") + 1]
    assert docker_files.instruction("EXPOSE") == port
    assert f"127.0.0.1:{port}/" in docker_files.health_check()[-1]
    assert SERVICES["api"]["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_program_does_not_run_as_root() -> None:
    user = docker_files.instruction("USER")
    assert user != "root"
    assert f" {user} " in docker_files.instruction("RUN")
