"""Boards: who contributed most in a week, a month or ever, without those who left, hide, or are bots."""

from bot.kit import Capability

boards = Capability("boards")
