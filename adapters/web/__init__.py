"""Serves the web in a process: the operator's pages, and the endpoints that platforms call."""
