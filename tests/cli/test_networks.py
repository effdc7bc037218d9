"""The commands on networks: what they say, and that their JSON is the API's."""

import json
from pathlib import Path

import pytest

from tests.support.console import ran, refused, tables
from tests.support.tiny import EXAMPLES

FIRMS = "id,name,country\nfirm:a,[red]A,SE\nfirm:b,B,SE\nfirm:c,C,FR\n"
NETWORKS = "id,name\nnetwork:n,N\n"
MEMBERS = "from,to,tier,since\n" + "".join(f"firm:{n},network:n,gold,2010\n" for n in "abc")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("cli")
    files = {"Firm.csv": FIRMS, "Network.csv": NETWORKS, "MEMBER_OF.csv": MEMBERS}
    url = f"ladybug://{folder}/x.lbug"
    ran("--db", url, "load", tables(folder / "tables", files))
    return url


def test_members(db: str) -> None:
    told = ran("--db", db, "members", "N", "--mine", "B", "--limit", "2")
    assert "N: 3 members; 0 of them partners of B" in told
    assert "… and 1 more (--offset 2)" in told
    assert "[red]A" in ran("--db", db, "members", "N", "--mine", "B", "--offset", "2")
    assert json.loads(ran("--db", db, "members", "N", "--json"))["tiers"] == {"gold": 3}
    assert "takes a Network" in refused("--db", db, "members", "firm:a")


def test_beside(db: str) -> None:
    told = ran("--db", db, "beside", "B", "C")
    assert "B and C share 1 network, the smallest N (3 members) and no partner." in told
    assert "[red]A" in told
    assert len(json.loads(ran("--db", db, "beside", "B", "C", "--json"))["networks"]) == 1


def test_groups(tmp_path: Path) -> None:
    db = f"ladybug://{tmp_path}/cases.lbug"
    ran("--db", db, "load", str(EXAMPLES / "coopetition_telecom"))
    told = ran("--db", db, "groups", "--by", "actor_type", "--limit", "2")
    assert "… and" in told
    assert "operator" in told
    found = json.loads(ran("--db", db, "groups", "--by", "actor_type", "--json"))
    assert {g["name"] for g in found["groups"]} >= {"operator", "hardware_manufacturer"}
    assert "did you mean 'country'" in refused("--db", db, "groups", "--by", "contry")
