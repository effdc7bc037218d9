import itertools

from alliance_explorer.queries.models import Subgraph, SubgraphEdge, SubgraphNode
from alliance_explorer.viz.selection import readable


def hub(roles: dict[str, int], *, inferred: bool) -> Subgraph:
    nodes = [SubgraphNode(id="firm:f", label="Firm", name="F", role="focal", ring=0, properties={})]
    for role, number in roles.items():
        label = "Network" if role == "network" else "Firm"
        nodes += [
            SubgraphNode(id=f"{role}:{i}", label=label, name=role, role=role, ring=1, properties={})
            for i in range(number)
        ]
    edges = [
        SubgraphEdge(
            from_id=node.id,
            to_id="firm:f",
            type="COMPETES_WITH" if node.role == "competitor" else "PARTY_TO",
            inferred=inferred and node.role == "competitor",
            properties={},
        )
        for node in nodes[1:]
    ]
    rivals = [n.id for n in nodes if n.role == "competitor"]
    edges += [
        SubgraphEdge(from_id=a, to_id=b, type="COMPETES_WITH", inferred=inferred, properties={})
        for a, b in itertools.pairwise(rivals)
    ]
    return Subgraph(focal="firm:f", nodes=nodes, edges=edges, left_out={"Firm": 5})


def counts(graph: Subgraph) -> dict[str, int]:
    roles = [node.role for node in graph.nodes]
    return {role: roles.count(role) for role in dict.fromkeys(roles)}


def test_a_small_neighbourhood_is_shown_whole() -> None:
    graph = hub({"ally": 10, "competitor": 5, "network": 5}, inferred=False)
    assert readable(graph) == graph


def test_inferred_rivals_do_not_push_out_networks() -> None:
    shown = readable(hub({"competitor": 200, "network": 20}, inferred=True), limit=60)
    assert counts(shown) == {"focal": 1, "competitor": 12, "network": 20}
    assert shown.left_out == {"Firm": 5 + 188}


def test_stated_rivals_and_networks_share_the_room() -> None:
    shown = readable(hub({"competitor": 200, "network": 200}, inferred=False), limit=60)
    assert counts(shown) == {"focal": 1, "competitor": 30, "network": 30}


def test_allies_come_first() -> None:
    shown = readable(hub({"network": 100, "ally": 70}, inferred=False), limit=60)
    assert counts(shown) == {"focal": 1, "ally": 60}
    assert shown.left_out == {"Firm": 5 + 10, "Network": 100}


def test_ties_that_a_rule_derived_are_drawn_at_the_focal_actor_only() -> None:
    shown = readable(hub({"competitor": 5}, inferred=True))
    assert len(shown.edges) == 5
    assert all(edge.to_id == "firm:f" for edge in shown.edges)
