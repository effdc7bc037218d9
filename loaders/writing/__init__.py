"""What is written, once, and what was said before; corrections by hand, people erased."""
