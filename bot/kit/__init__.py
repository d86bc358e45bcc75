"""The language capabilities are written in: options, replies, effects, events, settings, and the work in hand."""

from bot.kit.access import Access
from bot.kit.calendar import Calendar
from bot.kit.capability import Capability
from bot.kit.effects import (
    Effect,
    GrantRole,
    LookFor,
    OpenThread,
    Post,
    React,
    Remind,
    Retitle,
    TakeRole,
    Tell,
    Withdraw,
)
from bot.kit.errors import OptionRefused, Refusal
from bot.kit.grammar import command_line
from bot.kit.listening import happened
from bot.kit.markup import Rich, join, written
from bot.kit.options import Check, Choice, Duration, Example, Long, Quoted, Range, Rest, Suggest, Tail, Zone
from bot.kit.replies import Block, Button, Reply, Style, Tone
from bot.kit.typed import read_name, read_number
from bot.kit.work import BulkWork, Work

__all__ = [
    "Access",
    "Block",
    "BulkWork",
    "Button",
    "Calendar",
    "Capability",
    "Check",
    "Choice",
    "Duration",
    "Effect",
    "Example",
    "GrantRole",
    "Long",
    "LookFor",
    "OpenThread",
    "OptionRefused",
    "Post",
    "Quoted",
    "Range",
    "React",
    "Refusal",
    "Remind",
    "Reply",
    "Rest",
    "Retitle",
    "Rich",
    "Style",
    "Suggest",
    "Tail",
    "TakeRole",
    "Tell",
    "Tone",
    "Withdraw",
    "Work",
    "Zone",
    "command_line",
    "happened",
    "join",
    "read_name",
    "read_number",
    "written",
]
