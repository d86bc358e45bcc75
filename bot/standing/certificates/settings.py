"""How the pictures of certificates look; the page to print is always light."""

from bot.kit.replies import Theme
from bot.standing.certificates import certificates

THEME = certificates.setting("theme", Theme, Theme.LIGHT)
