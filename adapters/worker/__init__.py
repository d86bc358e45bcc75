"""The worker process as a party: heavy work is asked of it in plain data, and it holds no secrets and no database."""
