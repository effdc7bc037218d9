import itertools
import math
import random
import time

import pytest

from alliance_explorer.viz import layout


def shuffled(orders: dict[str, int], edges: list[layout.Pair], seed: int) -> layout.Positions:
    chance = random.Random(seed)
    items, turned = list(orders.items()), [chance.choice([(a, b), (b, a)]) for a, b in edges]
    chance.shuffle(items)
    chance.shuffle(turned)
    return layout.rings("f", dict(items), turned, outside=9)


def nearest(positions: layout.Positions) -> float:
    return min(math.dist(a, b) for a, b in itertools.combinations(positions.values(), 2))


def neighbourhood(size: int) -> tuple[dict[str, int], list[layout.Pair]]:
    chance = random.Random(7)
    orders = {"f": 0} | {f"n{i}": chance.choice([3, 4, 5, 9]) for i in range(size)}
    edges = [("f", node) for node in orders if node != "f"]
    return orders, edges + [(f"n{i}", f"n{i // 2}") for i in range(size)]


@pytest.mark.parametrize("size", [1, 7, 16, 60, 300])
def test_rings_do_not_depend_on_order_and_keep_labels_apart(size: int) -> None:
    orders, edges = neighbourhood(size)
    placed = layout.rings("f", orders, edges, outside=9)
    assert set(placed) == set(orders)
    assert placed["f"] == (0.0, 0.0)
    assert all(shuffled(orders, edges, seed) == placed for seed in range(4))
    assert nearest(placed) > 75


def test_what_belongs_outside_is_outside_of_all_others() -> None:
    orders, edges = neighbourhood(60)
    far = {
        node: math.hypot(*at) for node, at in layout.rings("f", orders, edges, outside=9).items()
    }
    inner = max(far[node] for node, order in orders.items() if order < 9)
    assert inner < min(far[node] for node, order in orders.items() if order == 9)


def test_two_thousand_nodes_take_less_than_a_second() -> None:
    orders, edges = neighbourhood(2_000)
    start = time.perf_counter()
    placed = layout.rings("f", orders, edges, outside=9)
    layout.layered({node: i % 5 for i, node in enumerate(orders)}, edges)
    assert time.perf_counter() - start < 1
    assert len(placed) == 2_001


def test_layers_go_from_left_to_right_and_do_not_depend_on_order() -> None:
    edges = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "e"), ("c", "e"), ("d", "z"), ("e", "z")]
    layers = {"a": 0, "b": 1, "c": 1, "d": 1, "e": 2, "z": 3}
    placed = layout.layered(layers, edges)
    assert layout.layered(dict(reversed(layers.items())), edges[::-1]) == placed
    assert [placed[n][0] for n in "abcdez"] == sorted(placed[n][0] for n in "abcdez")
    assert placed["a"][0] == -placed["z"][0]
    assert nearest(placed) >= layout.ROW_GAP


def test_layers_untangle_crossing_ties() -> None:
    layers = {"f": 0, "a": 1, "b": 1, "x": 2, "y": 2}
    placed = layout.layered(layers, [("f", "a"), ("f", "b"), ("a", "y"), ("b", "x")])
    assert (placed["a"][1] < placed["b"][1]) == (placed["y"][1] < placed["x"][1])


def test_a_high_column_becomes_a_zigzag() -> None:
    layers = {"a": 0, "z": 2} | {f"b{i}": 1 for i in range(20)}
    placed = layout.layered(layers, [])
    heights = [y for _, y in placed.values()]
    assert max(heights) - min(heights) < 8 * layout.ROW_GAP
    assert nearest(placed) > 75


def test_steps_are_those_of_the_longest_way() -> None:
    edges = [("f", "a"), ("a", "b"), ("f", "b"), ("b", "t"), ("x", "y")]
    assert layout.steps("f", edges) == {"f": 0, "a": 1, "b": 2, "t": 3}


def test_steps_survive_circles() -> None:
    found = layout.steps("f", [("f", "a"), ("a", "b"), ("b", "a"), ("b", "t"), ("t", "f")])
    assert found == {"f": 0, "a": 1, "b": 2, "t": 3}


def test_nothing_gives_nothing() -> None:
    assert layout.layered({}, []) == {}
    assert layout.rings("f", {}, [], outside=9) == {}
    assert layout.transposed({}) == {}
    assert layout.steps("f", []) == {"f": 0}
