"""Bounties: points that whoever asked puts up for a good answer."""

from bot.capability import Capability

bounties = Capability("bounties")
