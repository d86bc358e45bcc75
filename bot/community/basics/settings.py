"""What every community can configure about itself."""

import re
from enum import Enum
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from bot.community.basics import basics
from bot.kit import Check, Choice, Range, Refusal, Suggest, Work, Zone
from models.communities import Place

#: a web address, such as that of an invitation
_ADDRESS = re.compile(r"https://[a-zA-Z0-9.-]+/[!#-;=?-~]*")


class Language(Enum):
    ENGLISH = "en"
    CHINESE = "zh-CN"


async def zones(_work: Work, typed: str) -> list[Choice]:
    near = sorted(zone for zone in available_timezones() if typed.casefold() in zone.casefold())
    return [Choice(zone, zone) for zone in near[:25]]


def is_address(typed: str) -> None:
    if typed and not _ADDRESS.fullmatch(typed):
        raise Refusal("refusal.address")


LANGUAGE = basics.setting("language", Language, Language.ENGLISH)
TIME_ZONE = basics.setting("time_zone", Annotated[Zone, Suggest(zones)], ZoneInfo("UTC"))
#: the invitation shown to people who write in private and are not members
INVITE = basics.setting("invite", Annotated[str, Range(0, 200), Check(is_address)], "")
#: a place that every member reads: what is asked where the same people read is found everywhere
COMMON_PLACE = basics.setting("common_place", Place, None)
#: where the bot tells staff what only they can fix
STAFF_PLACE = basics.setting("staff_place", Place, None)
