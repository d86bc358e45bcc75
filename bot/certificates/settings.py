"""How the pictures of certificates look; the page to print is always light."""

from bot.certificates import certificates
from bot.replies import Theme

THEME = certificates.setting("theme", Theme, Theme.LIGHT)
