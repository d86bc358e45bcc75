"""The process: its commands, its configuration, its lease, its copies, and the adapters that it opens."""
