"""What a question lacks for others to answer it, in each language members use here."""

import re

from bot.knowledge.threads.rules import size
from models.questions import Question

#: fewer letters ask nothing; with at least so many, a picture is explained
LEAST, EXPLAINED = 12, 80
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: a title of only these says nothing; each run is matched in one way only (++), since trying all could take for ever
_FILLER = re.compile(
    r"an?|any(?:body|one|thing)?|asap|be|broken|can(?:not)?|could|do|does(?:n'?t)?|errors?|every(?:body|one)|fail(?:s|ed)"
    r"|fix|get|got|have|having|he(?:lp|llo|re|y)|hi|how|i|i'm|im|is(?:n'?t)?|it|it's|its|just|me|my|need(?:ed)?|not"
    r"|nothing|now|of|one|or|please|pls|plz|problems?|issues?|questions?|quick|some(?:body|one|thing|how)|stuck|that|the"
    r"|there|this|to|trouble|urgent|us|want|what|what's|whats|who|why|with|wo(?:n'?t)|work(?:s|ing)?|wrong|you|your"
    "|(?:求助|求救|救命|求|急|在吗|在不在|有人吗|有人|有没有|大佬们?|大神们?|高手|请教|帮帮忙|帮帮我|帮忙|帮我|帮|请问|一下"
    "|一个|问题|报错|出错|错误|怎么办|怎么回事|为什么|怎么|什么|不行|不了|不能用|用不了|了|啊|呀|呢|吧|吗|我|你们?|各位|大家"
    "|好|新手|小白|谢谢|这个|那个|它|的|是)++"
)
_CODE = re.compile(r"```|`[^`]+`")
_SPEAKS_OF_CODE = re.compile(
    r"\b(?:errors?|exceptions?|traceback|stack ?trace|segfaults?|crash(?:es|ed)?|compiles?d?|syntax"
    r"|my (?:code|script|function|query|program|class|loop))\b"
    r"|报错|异常|出错|崩溃|代码|编译|脚本|程序|堆栈",
    re.IGNORECASE,
)


def advice(question: Question, pictured: bool) -> list[str]:
    """The advice that would help most, as names of catalogue words; empty if the question lacks nothing."""
    text = f"{question.title}\n{question.body}"
    lacks = {
        "title": says_nothing(question.title) or size(text) < LEAST,
        "picture": pictured and size(question.body) < EXPLAINED,
        "code": not pictured and _SPEAKS_OF_CODE.search(text) is not None and not _CODE.search(text),
    }
    return [each for each, lacking in lacks.items() if lacking]


def says_nothing(title: str) -> bool:
    """Whether the title has only words that any cry for help has."""
    return all(_FILLER.fullmatch(each.replace("’", "'").casefold()) for each in _WORD.findall(title))
