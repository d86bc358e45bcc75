"""Boards: members with the most points in a week, month, season or ever, without bots and those who left or hide."""

from bot.kit import Capability

boards = Capability("boards")
