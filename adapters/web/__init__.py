"""The one web server of a process: what operators look at, and the doors platforms want knocked at."""
