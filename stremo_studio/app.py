"""Composition root: the only place that builds objects and hands them to each other."""
