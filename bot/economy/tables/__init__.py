"""Tables: members' points handed in as one, looked at, applied and taken back; and written out to keep."""

from bot.kit import Capability

tables = Capability("tables")
