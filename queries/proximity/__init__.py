"""How near two firms are, in five dimensions."""
