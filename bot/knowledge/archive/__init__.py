"""The archive: members find earlier questions and answers."""

from bot.kit import Capability

archive = Capability("archive")
