"""How members are seen: levels, boards, badges and certificates."""
