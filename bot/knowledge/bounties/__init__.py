"""Bounties: points that whoever asked puts up for a good answer."""

from bot.kit.capability import Capability

bounties = Capability("bounties")
