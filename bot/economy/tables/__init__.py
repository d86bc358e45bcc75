"""Tables: an administrator hands in many changes of points, checks, applies and undoes them; or exports points."""

from bot.kit import Capability

tables = Capability("tables")
