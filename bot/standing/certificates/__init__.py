"""Certificates: what a member achieved, in writing, with a code by which anybody can look whether it is true."""

from bot.kit import Capability

certificates = Capability("certificates")
