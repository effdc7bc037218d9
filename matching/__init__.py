"""One company, one node: which firms are one, merging them, and undoing it."""
