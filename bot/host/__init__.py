"""Runs the process: its commands, configuration, leases, backups, and the adapters it opens."""
