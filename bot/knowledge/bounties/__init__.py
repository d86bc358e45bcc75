"""Bounties: points that whoever asked puts up for a good answer."""

from bot.kit import Capability

bounties = Capability("bounties")
