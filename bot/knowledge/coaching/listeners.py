"""Advises a member once, after their first question; the question is posted all the same."""

from bot.kit import Button, Reply, Style, Tell, Work, command_line, join
from bot.kit.events import QuestionAsked
from bot.knowledge.coaching import coaching
from bot.knowledge.coaching.rules import advice
from bot.knowledge.coaching.settings import FIRST
from models import members, questions


@coaching.listener(QuestionAsked)
async def coach(work: Work, event: QuestionAsked) -> None:
    question = await questions.question(work.tx, work.community, event.question)
    if question is None or not work.setting(FIRST):
        return
    lacking = advice(question, event.pictured)
    if not lacking or await questions.asked_before(work.tx, question):
        return
    asker = await members.known(work.tx, work.community, question.asker_id)
    spoken = work.speaking(asker.speaks)
    said = {
        "title": spoken.say("coaching.title"),
        "picture": spoken.say("coaching.picture"),
        "code": spoken.say("coaching.code"),
    }
    thanks = spoken.say("coaching.thanks", number=question.number, title=question.title)
    edit = Button(spoken.words("coaching.edit"), command_line("question edit", question.number), Style.MAIN)
    show = Button(spoken.words("coaching.show"), command_line("question show", question.number))
    text = join([thanks.text, *(said[each].text for each in lacking)])
    await work.promise(Tell(member=asker.id, reply=Reply(text=text, buttons=(edit, show))), once=f"coaching:{asker.id}")
