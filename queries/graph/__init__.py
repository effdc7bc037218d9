"""The graph in memory: the compact copy of the ties, as a question sees it, and ways through it."""
