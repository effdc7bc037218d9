"""What if, whom next, and with whom together."""
