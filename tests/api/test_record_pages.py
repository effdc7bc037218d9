"""Pages that lead to the record itself: where something is from, and every measure by year."""

from fastapi.testclient import TestClient


def test_where_it_is_from(client: TestClient) -> None:
    page = client.get("/facts", params={"what": "Xelerated"})
    assert page.status_code == 200
    assert "Bengtsson" in page.text
    between = client.get("/facts", params={"what": "Seamless", "other": "Ericsson"}).text
    assert "COMPETES_WITH" in between
    assert between.count("On record now") >= 3


def test_a_typo(client: TestClient) -> None:
    page = client.get("/facts", params={"what": "Xelerated", "other": "Ericson"})
    assert page.status_code == 404
    assert "/facts?what=Xelerated&amp;other=firm%3Aericsson" in page.text
    assert 'id="f-other" name="other" type="text" maxlength="300" value="Ericson"' in page.text


def test_the_timeline_leads_to_the_panel(client: TestClient) -> None:
    page = client.get("/timeline", params={"firm": "firm:digitata"}).text
    assert 'action="/api/v1/panel"' in page
    asked = {"firm": "firm:digitata", "from": 2005, "to": 2012, "format": "csv"}
    rows = client.get("/api/v1/panel", params=asked).text.splitlines()
    assert len(rows) == 1 + 8
