"""The page that says where something is from."""

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
