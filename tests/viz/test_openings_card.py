"""The card on what would open a way, as any page can show it."""
