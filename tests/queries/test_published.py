"""Betweenness, degree and structural holes on networks whose values are published."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from alliance_explorer.queries.structure.betweenness import dependencies
from alliance_explorer.queries.structure.structure import Matrix, ego_structure

STAR: "nx.Graph[int]" = nx.star_graph(4)  # 0 in the middle of four
LINE: "nx.Graph[int]" = nx.path_graph(5)
CIRCLE: "nx.Graph[int]" = nx.cycle_graph(5)
KITE: "nx.Graph[int]" = nx.krackhardt_kite_graph()
FERNANDO, GARTH, HEATHER, IKE, JANE, DIANE = 5, 6, 7, 8, 9, 3
# Zachary numbers from 1; NetworkX from 0, and with weights, which are not looked at here.
KARATE: "nx.Graph[int]" = nx.relabel_nodes(nx.karate_club_graph(), lambda n: n + 1)
FAMILIES: "nx.Graph[str]" = nx.florentine_families_graph()


def matrix_of(graph: "nx.Graph[Any]") -> Matrix:
    return sparse.csr_array(nx.to_scipy_sparse_array(graph, nodelist=sorted(graph), weight=None))


def betweenness(graph: "nx.Graph[Any]") -> dict[Any, float]:
    """Over the pairs of the others, as is published."""
    n = len(graph)
    sums = dependencies(matrix_of(graph).astype(np.float64), np.arange(n)).sum(axis=1) / 2
    return dict(zip(sorted(graph), sums / ((n - 1) * (n - 2) / 2), strict=True))


@pytest.mark.parametrize(
    ("graph", "published"),
    [
        # Freeman, L. C. (1979) Centrality in social networks: conceptual clarification. Social
        # Networks 1(3), 215-239: star, line and circle of five points.
        pytest.param(STAR, {0: 1.0, 1: 0.0, 4: 0.0}, id="star"),
        pytest.param(LINE, {0: 0.0, 1: 0.5, 2: 2 / 3, 3: 0.5, 4: 0.0}, id="line"),
        pytest.param(CIRCLE, dict.fromkeys(range(5), 1 / 6), id="circle"),
        # Krackhardt, D. (1990) Assessing the political landscape. Administrative Science Quarterly
        # 35(2), 342-369: the kite; Heather is between most.
        pytest.param(
            KITE,
            {HEATHER: 0.389, FERNANDO: 0.231, GARTH: 0.231, IKE: 0.222, DIANE: 0.102, JANE: 0.0},
            id="kite",
        ),
        # Zachary, W. W. (1977) An information flow model for conflict and fission in small groups.
        # Journal of Anthropological Research 33(4), 452-473: the instructor and the officer.
        pytest.param(KARATE, {1: 0.438, 34: 0.304, 33: 0.145, 3: 0.144}, id="karate"),
        # Padgett, J. F. & Ansell, C. K. (1993) Robust action and the rise of the Medici. American
        # Journal of Sociology 98(6), 1259-1319: marriages of the 15 families that are tied.
        pytest.param(
            FAMILIES,
            {
                "Medici": 0.522,
                "Guadagni": 0.255,
                "Albizzi": 0.212,
                "Salviati": 0.143,
                "Ridolfi": 0.114,
                "Bischeri": 0.104,
                "Strozzi": 0.103,
                "Barbadori": 0.093,
                "Tornabuoni": 0.092,
                "Castellani": 0.055,
                "Peruzzi": 0.022,
                "Acciaiuoli": 0.0,
                "Ginori": 0.0,
                "Lamberteschi": 0.0,
                "Pazzi": 0.0,
            },
            id="families",
        ),
    ],
)
def test_betweenness(graph: "nx.Graph[Any]", published: Mapping[Any, float]) -> None:
    found = betweenness(graph)
    told = {node: round(found[node], 3) for node in published}
    assert told == {node: round(value, 3) for node, value in published.items()}
    assert found == pytest.approx(nx.betweenness_centrality(graph), abs=1e-12)


@pytest.mark.parametrize(
    ("graph", "published"),
    [
        (KITE, {DIANE: 6, FERNANDO: 5, GARTH: 5, HEATHER: 3, IKE: 2, JANE: 1}),
        (KARATE, {34: 17, 1: 16, 33: 12, 3: 10, 2: 9, 12: 1}),
        (FAMILIES, {"Medici": 6, "Guadagni": 4, "Strozzi": 4, "Pazzi": 1}),
    ],
    ids=["kite", "karate", "families"],
)
def test_degree_and_holes(graph: "nx.Graph[Any]", published: Mapping[Any, int]) -> None:
    """Degrees as published; structural holes as NetworkX has them."""
    matrix, order = matrix_of(graph), sorted(graph)
    found = {node: ego_structure(matrix, i) for i, node in enumerate(order)}
    assert {node: found[node].degree for node in published} == published
    plain: nx.Graph[Any] = nx.Graph(graph.edges)
    constraint, size = nx.constraint(plain), nx.effective_size(plain)
    for node, ego in found.items():
        assert ego.constraint == pytest.approx(constraint[node], abs=1e-12), node
        assert ego.effective_size == pytest.approx(size[node], abs=1e-12), node


@pytest.mark.parametrize("partners", [1, 2, 4, 9])
def test_burt_between_nobody_and_everybody_tied(partners: int) -> None:
    """Burt 1992, chapter 2: equal ties to n partners of whom none, and of whom all, are tied.

    Apart: constraint 1/n, n non-redundant contacts. All tied, each puts 1/n of its ties into each
    other: n * (1/n + (n - 1)/n * 1/n)^2, and all partners are one contact.
    """
    apart = ego_structure(matrix_of(nx.star_graph(partners)), 0)
    assert apart.constraint == pytest.approx(1 / partners, abs=1e-12)
    assert apart.effective_size == pytest.approx(partners, abs=1e-12)
    tied = ego_structure(matrix_of(nx.complete_graph(partners + 1)), 0)
    n = partners
    assert tied.constraint == pytest.approx(n * (1 / n + (n - 1) / n**2) ** 2, abs=1e-12)
    assert tied.effective_size == pytest.approx(1, abs=1e-12)
    assert tied.efficiency == pytest.approx(1 / n, abs=1e-12)
