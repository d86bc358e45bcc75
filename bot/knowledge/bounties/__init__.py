"""Bounties: the asker offers points for a good answer."""

from bot.kit import Capability

bounties = Capability("bounties")
