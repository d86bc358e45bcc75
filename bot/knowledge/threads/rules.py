"""Which messages are answers and whose words are glad, told by signs; and what the place of a question is called."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bot.economy.thanks.rules import is_thanks
from bot.kit.likelihood import LONGEST, Model, readable
from bot.knowledge.questions.rules import MARKS, says_something
from models.questions import Question

#: marks a message as an answer; both platforms offer it as a reaction
NOTED = "👀"
#: how many messages of others we offer to a glad asker
GUESSES = 3
#: lines of one author no further apart, in milliseconds, are judged as one text
TOGETHER = 5 * 60_000
#: a glad asker is asked at most once in this time, in milliseconds
PAUSE = 10 * 60_000
#: of so many messages of others that are no answers the words are kept, until the question no longer waits
KEPT = 8
#: the longest name that every platform takes, in characters
NAME = 100
#: from these likelihoods on a message is shown to the asker, taken as an answer, or heard as glad (bench/talking.py)
MAYBE, SURE, GLAD = 0.6, 0.92, 0.45
#: written by bench/teaching.py
WEIGHTS = Path(__file__).with_name("judgements.json")
_MARKED = re.compile(rf"(?:(?:{'|'.join(filter(None, MARKS.values()))})\ufe0f?\s*)+")
#: names of functions, files and paths, in their own letters
_NAME = re.compile(
    r"\b[a-z]{1,30}[A-Z]|\w\(\)|\w\.\w{1,30}\(|\w_\w|\w\.(?:md|py|js|ts|json|sh|xml|conf|h|cpp|yml|so)\b|/[\w.-]{1,30}/\w"
)
_CHINESE = re.compile("[\u4e00-\u9fff]")


class Likely(Enum):
    """How sure it is that a message answers the question."""

    NO = "no"
    #: worth showing to the asker
    MAYBE = "maybe"
    #: taken as an answer, until somebody says that it is none
    SURE = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a member says at a question, or several lines of one author in a row, and what we know of the moment."""

    text: str
    #: nobody but the asker has spoken before
    first: bool = False
    #: the line before it was the asker's
    after_asker: bool = False
    #: it names the asker, or replies to their words
    to_asker: bool = False


#: what answers and other messages of others look like
ANSWERING = {
    "code": r"```\s*[^\s`]",
    "inline": r"(?<!`)`[^`\n]{2,80}`(?!`)",
    "link": r"https?://",
    "only link": r"\A\s*(?:@\S{1,40}\s+)?https?://\S+\s*\Z",
    "asks at the end": r"[?？吗呢么][\s~～。.!！)）:d哈]{0,4}\Z",
    "asks": r"[?？]",
    "begins with a question": r"\A(?:@\S{1,40}\s*)?(?:what|which|why|how|where|who|when|do|does|did|are|is|can"
    r"|could|have"
    r"|has|any|show|你的?(?:用|是|有|指)|请问|什么|哪|为什么|怎么|为啥|是不是|有没有|楼主)",
    "advises": r"\b(?:you (?:can|could|should|need|must|have to|may|might|just|only)|try|use|need to|instead of|just"
    r"|make sure|should be|there(?:'s| is| are)|it(?:'s| is) (?:because|possible|called))\b"
    r"|可以|需要|建议|应该|改成|换成|换个?|先|再|用|就行|即可|就好|就可以|要么|参考|不要|直接|原因|因为",
    "orders": r"\A(?:@\S{1,40}:?\s*)?(?:ok|yes|no|then|so|or|and|well|just|simply|maybe|probably|要么|或者|那就"
    r"|那|你)?"
    r"[,，\s]{0,3}(?:(?:try|use|check|run|set|add|install|put|make|look|read|see|start|turn|change|delete"
    r"|remove|go|pass"
    r"|call|give|take|click|type|pick|open|right click|restart|update|clear|wrap|move|enable|disable|import|export"
    r"|chmod|git|npm|pip|sudo|docker)\b"
    r"|试|用|看|检查|运行|加|改|换|把|装|安装|设置|打开|重启|删|进|去|在|升级|更新|参考|断电|手动|输入|配置)",
    "says yes or no": r"\A(?:@\S{1,40}:?\s*)?(?:yes|yeah|yep|no|nope|sure|是的|对|不是|可以的?|不行|支持|不支持"
    r"|没有|目前)",
    "same": r"\b(?:me too|same (?:here|issue|problem|question|error)|\+1|bump|following|i (?:have|had"
    r"|got) (?:the same|that"
    r"|this) )\b|同问|同求|同样的?(?:问题|错|情况)|我也|我这边?也|\+1|顶|蹲|等(?:大佬|一个|答案)|马克|mark",
    "wants a log": r"\b(?:logs?|stack ?trace|traceback|screenshots?|post|paste|show|share|send|version|output"
    r"|your code"
    r"|config)\b.{0,40}|贴|截图|日志|版本|发一?下|发出来|上传|看一?看|详细|报错",
    "wants": r"\b(?:can|could|would) you\b|\bplease\b|麻烦|能否|能不能|请(?:问|提供|贴|发)",
    "own story": r"\b(?:i (?:had|was|did|used|moved|tried|haven't|hadn't|have|got|know|want)|i'm|we (?:had"
    r"|were)|mine|my)\b"
    r"|我(?:当时|之前|以前|们|一般|遇到|碰到|上次|卡|的|不)|我也",
    "knows not": r"\b(?:no idea|don'?t know|dunno|idk|not sure|never used|haven'?t|wonder)\b|不知道|不清楚"
    r"|不太?懂|没试过|不太?理解"
    r"|没用过|没明白|没搞",
    "laughs": r"\b(?:ha(?:ha)+|lol|lmao|xd)\b|哈哈|hh|[:;]-?[)d(p|]|😂|笑|666|厉害|恭喜|加油|牛",
    "thanks": r"\b(?:thanks|thank you|thx|ty)\b|谢|感激",
    "perhaps": r"\b(?:maybe|perhaps|probably|i think|i guess|i'd|imo|usually)\b|可能|大概|也许|应该|多半|一般"
    r"|好像|貌似",
    "mended": r"\b(?:fixed|merged|released|updated) in\b|已(?:经)?(?:修复|更新|支持|解决|合并|修改|开源)|新版本"
    r"|最新|后续|计划|暂",
    "command": r"(?:\A|[\s：:，,（(])(?:-{1,2}[a-z][\w-]+|[$#]\s?[a-z]+\s|(?:sudo|git|npm|pip|docker|yum|apt"
    r"|chmod|cd|ls"
    r"|systemctl|make|curl|ssh|kubectl)\s[\w.-]+)",
    "number": r"\d",
    "list": r"^[ \t]{0,8}(?:[-*•]|\d[.)、:])[ \t]{0,8}\S",
    "if": r"\b(?:if|when|because|since|so that|otherwise|unless)\b|如果|因为|所以|的话|否则|然后|只有|才能",
    "names somebody": r"@\w",
    "elsewhere": r"\b(?:google|ask elsewhere|support question|wrong (?:room|channel)|off.?topic)\b|百度|问问"
    r"|提问|关闭|开源",
}
#: what the words of a glad asker and of others look like
GLADDENING = {
    "solved": r"figured (?:it|that|this) out|got (?:it|this|that) (?:to )?(?:work|run)\w*|\blife ?saver\b"
    r"|\bwas it\b[,.!]"
    r"|\b(?:works|working|runs|running|compiles|starts|builds|loads|boots) (?:now|again)\b|\bfix(?:es|ed) (?:it"
    r"|that|this)\b"
    r"|\b(?:solved|fixed|sorted|resolved|works? (?:now|great|fine|perfectly|like this|again)|(?:that"
    r"|it|this)"
    r"(?: has| really| just)? (?:work(?:ed|s)|solve[sd]|fix(?:ed|es)|help(?:ed|s)|did it)|that was it|did the trick"
    r"|problem solved|got it (?:\w+ )?(?:work|runn|to)\w*|(?:nice|great)[,.]? it work\w*|all good now)\b"
    r"|(?<![没未不])(?:解决了|搞定|管用|好使|可以了|好了|行了|能用了|成功了|过了|正常了|有用)|已经?解决"
    r"|问题解决|已解决|改好了|恢复正常",
    "own fix": r"\bnever ?mind\b|figured (?:it|that|this) out|\b(?:found (?:it|the (?:problem|issue|bug|cause))"
    r"|turn(?:s|ed) out|(?:was|is) my (?:config|own"
    r"|mistake|fault|bad"
    r"|typo)|my (?:bad|mistake|fault)|i (?:forgot|wrote|misread|mistyped|missed))\b"
    r"|是我(?:自己)?(?:的问题|错|写错|配置|没|弄|少)|找到(?:原因|问题|了)|原来是|自己(?:的问题|弄错|写错|搞定"
    r"|解决)|配置(?:出错|错)|果然",
    "got it": r"\b(?:got it|i see|i understand|understood|makes? sense|good to know|clear now"
    r"|everything (?:became )?(?:so )?clear"
    r"|exactly what i|what i was looking for|good answer|helpful|perfect|awesome|excellent|great)\b"
    r"|明白|懂了|了解|知道了|学到|清楚了?|原来如此|收到|好的|好嘞|看到了|完美|终于|确实",
    "short yes": r"\A(?:@\S{1,40}:?\s*)?(?:ok(?:ay|i?doki)?|k|right|cool|nice|great|ah+|oh+|哦+|嗯+|好|行"
    r"|好吧)\b.{0,20}\Z",
    "will": r"\b(?:will (?:try|check|test|look|do|give)|i'?ll\b|ill try|let me (?:try|check|see)|(?:going|need"
    r"|time|have) to"
    r"|gonna|try(?:ing)? (?:it|that|this|out)|check(?:ing)? (?:it|that|out)|later|tonight|tomorrow|give (?:it|that) a"
    r" (?:try|go|shot)|looking into|take a look)\b|试试|试一?下|试一试|去看看|先看|研究|回去|晚上|明天|下午"
    r"|稍后|等会|再(?:看|想|试)|整理",
    "but": r"\b(?:but|however|though|although|anyway|anyways|yet|unfortunately|sadly|except|hmm+)\b|但是?|不过"
    r"|可是|然而|还是|就是",
    "thanks anyway": r"\bthanks?(?: you)?,? (?:anyway|though|but)\b|(?:还是|先|都)谢|算了",
    "not": r"\b(?:not|no|doesn'?t|don'?t|didn'?t|isn'?t|wasn'?t|won'?t|can'?t|cannot|never|still|without luck"
    r"|nope|fails?|error)\b"
    r"|没有?|不行|不了|不对|不是|不能|还没|失败|报错|未|仍|无法|依然|不懂|不好",
    "asks": r"[?？]",
    "asks on": r"[?？吗呢么]\s*\Z|\b(?:how (?:do|can|would|to)|what (?:about|is|if)|why|which|where|is there"
    r"|can i|do i|does)\b"
    r"|请问|怎么|如何|为什么|为啥|是否|能不能|那.{1,12}呢|是不是|什么|哪",
    "thanks in advance": r"\b(?:in advance|would be (?:great|appreciated))\b|先谢|谢谢各位大佬|求|帮忙|辛苦"
    r"|麻烦|望|不胜",
    "code": r"```|https?://",
    "happy": r"[:;]-?[)d]|!{1,3}\s*\Z|！|😀|😊|👍|🎉|❤",
    "names somebody": r"@\w",
    "now": r"\b(?:now|finally|after|again)\b|终于|现在|之后|以后|已经|果然|真的?是|确实",
}
#: never glad, whatever else it says; unless it also says that it is solved
_DOUBTS = re.compile(
    rf"{GLADDENING['thanks anyway']}|\bthank(?:s| you)\b.{{0,40}}\b(?:but|however)\b|谢.{{0,20}}(?:但|不过|可是)"
    r"|\b(?:will try|i'?ll (?:try|check|look|see|give)|let me (?:try|check|see)|give (?:it|that) a (?:try|go|shot))\b"
    r"|\bcheck(?:ing)? (?:it|that) out\b|试试|试一?下|试一试|[改看弄搞]一?[改看弄搞]看?\Z"
    r"|\bthanks? (?:you )?for nothing\b",
)
_ANSWERING = {sign: re.compile(each, re.MULTILINE) for sign, each in ANSWERING.items()}
_GLADDENING = {sign: re.compile(each) for sign, each in GLADDENING.items()}
_CODE = _ANSWERING["code"]
MODELS = {name: Model(**weights) for name, weights in json.loads(WEIGHTS.read_text(encoding="utf-8")).items()}
_SIZES = (6, 12, 20, 30, 45, 70, 110, 180, 300)


def judge(line: Line) -> Likely:
    """Whether somebody else's words answer the question."""
    likelihood = answer_likelihood(MODELS["answer"], line)
    return Likely.SURE if likelihood >= SURE else Likely.MAYBE if likelihood >= MAYBE else Likely.NO


def is_glad(line: Line) -> bool:
    """Whether the asker sounds as if something helped."""
    return glad_likelihood(MODELS["glad"], line) >= GLAD


def answer_likelihood(model: Model, line: Line) -> float:
    """From 0 to 1; 0 for a sign or two."""
    tells = _CODE.search(line.text) or says_something(line.text[:LONGEST])
    return model.likelihood(*answering(line)) if tells else 0.0


def glad_likelihood(model: Model, line: Line) -> float:
    """From 0 to 1; 0 for those who only mean to try it, or thank but."""
    signs, text = gladdening(line)
    return 0.0 if _DOUBTS.search(text) and "solved" not in signs else model.likelihood(signs, text)


def is_own_fix(text: str) -> bool:
    """Whether the asker says that they found it themselves."""
    return bool(_GLADDENING["own fix"].search(readable(text)))


def answering(line: Line) -> tuple[list[str], str]:
    """The signs of a line of somebody who did not ask, and its readable text."""
    text = readable(line.text)
    named = ["name"] if _NAME.search(line.text[:LONGEST]) else []
    return [*named, *_signs(line, text, _ANSWERING)], text


def gladdening(line: Line) -> tuple[list[str], str]:
    """The signs of a line of the asker, and its readable text."""
    text = readable(line.text)
    thanks = ["thanks"] if is_thanks(text) else []
    return [*thanks, *_signs(line, text, _GLADDENING)], text


def _signs(line: Line, text: str, table: Mapping[str, re.Pattern[str]]) -> Iterator[str]:
    found = [sign for sign, each in table.items() if each.search(text)]
    yield from found
    letters = size(text)
    yield from (f"fewer than {each}" for each in _SIZES if letters < each)
    told = {"first": line.first, "after the asker": line.after_asker, "to the asker": line.to_asker}
    yield from (sign for sign, here in told.items() if here)
    if _CHINESE.search(text):
        yield "chinese"
        yield from (f"{sign} (zh)" for sign in found)


def size(text: str) -> int:
    """The number of letters; a Chinese one counts as two."""
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in text if each.isalnum())


def named(question: Question, called: str, ours: str) -> str:
    """The name with the mark of the state. A name in our form follows the title; any other name stays."""
    marked = _MARKED.match(called)
    bare = called[marked.end() :] if marked else called
    name = f"{ours} {question.title}" if bare.startswith(f"{ours} ") else bare.strip() or question.title
    name = f"{MARKS[question.state]} {name}".strip()
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
