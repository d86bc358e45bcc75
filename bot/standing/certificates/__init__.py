"""Certificates: a member's achievement in writing, with a code by which anybody can check it."""

from bot.kit import Capability

certificates = Capability("certificates")
