"""Structural holes, roles, keyness, and the whole network of firms."""
