"""What members are seen as: levels, boards, badges and certificates."""
