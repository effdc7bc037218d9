import re

import pytest

from alliance_explorer.queries import subgraph_of_paths
from alliance_explorer.viz import assets, render_standalone
from tests.viz.samples import NASTY, bridges, ego


def outside(text: str) -> str:
    """The text without what stands in scripts, as a browser splits it."""
    return re.sub(r"(<script\b[^>]*>).*?</script>", r"\1", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", NASTY.values(), ids=NASTY)
def test_one_file_holds_everything(name: str) -> None:
    text = render_standalone(ego(name), name)
    assert not re.search(r"<(script|img|link|iframe|a)\b[^>]*\b(src|href)=", text)
    assert not re.search(r"@import|url\((?!data:)", text.split("<body>")[0].split("<script>")[0])
    assert text.count("</script>") == len(re.findall(r"<script\b[^>]*>", outside(text))) == 3
    assert "connect-src" not in text
    assert "default-src 'none'" in text


def test_ways_are_drawn_as_ways() -> None:
    text = render_standalone(subgraph_of_paths(bridges()), "Ways")
    assert '"tall":' in text


def test_vis_network_comes_from_the_installed_package() -> None:
    served = assets.served()
    assert len(served["vendor/vis-network.min.js"]) > 400_000
    assert not any("vis" in entry.name for entry in assets.own().iterdir())
    assert {assets.media_type(path).partition(";")[0] for path in served} == {
        "text/css",
        "text/javascript",
        "image/svg+xml",
    }


def test_a_script_cannot_end_its_element() -> None:
    for name in (assets.VIS_NETWORK, "picture.js"):
        assert "</script" not in assets.script_text(name)
        assert "<!--" not in assets.script_text(name)
