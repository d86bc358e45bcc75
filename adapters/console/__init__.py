"""A community in a terminal: the newcomer's first conversation, and the grammar of transcripts."""
