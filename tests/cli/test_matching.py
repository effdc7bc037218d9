"""Matching, merging and the review queue on the command line, in one story."""

import json
from pathlib import Path

from tests.support.console import ran, refused, tables

ONE = {
    "Source.csv": "id,title\nsource:s,S\n",
    "Firm.csv": "id,name,source\nfirm:acme,Acme Robotics,source:s\nfirm:bolt,Bolt GmbH,source:s\n",
}
OTHER = {
    "Source.csv": "id,title\nsource:t,T\n",
    "Firm.csv": "id,name,source\nfirm:t1,ACME Robotics Ltd,source:t\nfirm:t2,Bolt AG,source:t\n",
    "Network.csv": "id,name\nnetwork:n,N\n",
    "MEMBER_OF.csv": "from,to,source\nfirm:t1,network:n,source:t\n",
}


def test_one_company_one_node(tmp_path: Path) -> None:
    db = ("--db", f"ladybug://{tmp_path}/g.lbug")
    one, other = tables(tmp_path / "one", ONE), tables(tmp_path / "other", OTHER)
    assert "did you mean 'suggest'" in refused(*db, "load", one, "--match", "sugest")
    ran(*db, "load", one)
    told = ran(*db, "load", other, "--match", "apply")
    assert "2 new firms, 1 of them merged with another" in told
    assert "merged: ACME Robotics Ltd (firm:t1) into Acme Robotics (firm:acme), score 5:" in told
    assert "Nothing changed" in ran(*db, "load", other, "--match", "apply")

    assert "Acme Robotics (Firm, firm:acme)" in ran(*db, "firm", "firm:t1")
    listed = json.loads(ran(*db, "merges", "--json"))["merges"]
    assert [m["merged"]["id"] for m in listed] == ["firm:t1"]
    assert listed[0]["id"] in ran(*db, "merges")

    assert "1 open" in ran(*db, "review")
    (question,) = json.loads(ran(*db, "review", "--json"))["questions"]
    assert "-2.00  legal_form: gmbh | ag" in ran(*db, "match", "Bolt GmbH")
    assert "are two firms" in ran(*db, "reject", question["id"], "--why", "checked")
    assert "by me" in ran(*db, "review", "--verdict", "different") or "checked" in ran(
        *db, "review", "--verdict", "different"
    )
    assert "0 pairs are the same" in ran(*db, "match")

    assert "1 facts went back" in ran(*db, "unmerge", listed[0]["id"])
    assert "ACME Robotics Ltd (Firm, firm:t1)" in ran(*db, "firm", "firm:t1")
    assert "0 merged, 0 pairs" in ran(*db, "match", "--apply")
    made = ran(*db, "merge", "firm:bolt", "firm:t2", "--why", "asked them", "--by", "me")
    assert made.startswith("Bolt AG (firm:t2) is now Bolt GmbH (firm:bolt): 0 facts moved.")
    assert "no merge 'merge:x'" in refused(*db, "unmerge", "merge:x")
    assert "both" in refused(*db, "match", "--apply", "--suggest")
    assert "No question" not in refused(*db, "accept", "judgement:x")


def test_the_queue_is_answered_with_yes(tmp_path: Path) -> None:
    db = ("--db", f"ladybug://{tmp_path}/g.lbug")
    ran(*db, "load", tables(tmp_path / "one", ONE), tables(tmp_path / "other", OTHER))
    assert "0 merged, 2 pairs" in ran(*db, "match", "--suggest")
    first = json.loads(ran(*db, "review", "--json"))["questions"][0]["id"]
    assert "are one firm" in ran(*db, "accept", first)
    assert "1 open; decided: 1 same" in ran(*db, "review")
