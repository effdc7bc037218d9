"""Who bridges to whom: bridges, paths, reach, weak points, and what would open a way."""
