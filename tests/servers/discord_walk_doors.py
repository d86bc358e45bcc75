"""Steps of the walk: invites, webhooks, scheduled events, sales, commands and interactions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
from discord import app_commands

from tests.servers.discord import NotOfferedError
from tests.servers.discord_store import CONSUMABLE
from tests.servers.discord_walk import Walk, absent, refusal, step

SOON = timedelta(hours=1)


@step
async def makes_an_invite(walk: Walk) -> None:
    """It creates an invite with limits, and finds it in the channel and in the guild."""
    made = await walk.general.create_invite(max_age=3600, max_uses=2)

    assert (made.max_age, made.max_uses) == (3600, 2)
    assert made.code in [one.code for one in await walk.general.invites()]
    assert made.code in [one.code for one in await walk.guild.invites()]
    assert (await walk.hears("invite_create")).code == made.code


@step
async def reads_an_invite(walk: Walk) -> None:
    """It reads an invite with its counts."""
    made = await walk.general.create_invite()
    read = await walk.client.fetch_invite(made.url)

    assert read.approximate_member_count == len(walk.home.members)


@step
async def deletes_an_invite(walk: Walk) -> None:
    """It deletes an invite, which then leads nowhere."""
    made = await walk.general.create_invite()
    await made.delete()

    assert (await walk.hears("invite_delete")).code == made.code
    assert await refusal(walk.client.fetch_invite(made.code)) == 10006


@step
async def invites_into_a_role(walk: Walk) -> None:
    """A member who joins by an invite with roles gets them."""
    patron = walk.home.role("Patron by invite")
    body = {"role_ids": [patron.id], "max_uses": 1}
    made = await walk.asks("POST", f"/channels/{walk.general.id}/invites", json=body)
    newcomer = await walk.home.joins("newcomer", invite=made["code"])

    assert walk.home.roles_of(newcomer) == ["Patron by invite"]


@step
async def invites_only_some(walk: Walk) -> None:
    """An invite for listed users admits only them, once its list was read."""
    guest = walk.server.world.user("guest")
    made = await walk.general.create_invite()
    form = aiohttp.FormData()
    form.add_field("target_users_file", f"Users\n{guest.id}\n".encode(), filename="users.csv", content_type="text/csv")
    await walk.asks("PUT", f"/invites/{made.code}/target-users", data=form)
    states = [await walk.asks("GET", f"/invites/{made.code}/target-users/job-status") for _ in range(2)]

    assert [one["status"] for one in states] == [1, 2]
    assert (await walk.home.joins("guest", invite=made.code)).name == "guest"
    try:
        await walk.home.joins("intruder", invite=made.code)
    except NotOfferedError:
        return
    raise AssertionError("the intruder came in")


@step
async def posts_by_a_webhook(walk: Walk) -> None:
    """It posts under another name through a webhook, edits that, and deletes it."""
    hook = await walk.general.create_webhook(name="Herald")
    sent = await hook.send("news", username="The News", wait=True)
    assert (walk.latest.author.name, walk.latest.text) == ("The News", "news")
    await sent.edit(content="old news")
    assert (await hook.fetch_message(sent.id)).content == "old news"
    await sent.delete()

    assert walk.place.message(str(sent.id)) is None


@step
async def keeps_its_webhooks(walk: Walk) -> None:
    """It lists, renames and deletes webhooks."""
    hook = await walk.general.create_webhook(name="Temp")
    await hook.edit(name="Renamed")
    assert "Renamed" in [one.name for one in await walk.general.webhooks()]
    assert hook.id in [one.id for one in await walk.guild.webhooks()]
    assert (await walk.client.fetch_webhook(hook.id)).name == "Renamed"
    await hook.delete()

    assert await refusal(hook.send("too late")) == 10015


async def planned(walk: Walk) -> discord.ScheduledEvent:
    return await walk.guild.create_scheduled_event(
        name="Tea",
        start_time=datetime.now(UTC) + SOON,
        end_time=datetime.now(UTC) + 2 * SOON,
        location="Library",
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        description="Bring a cup",
    )


@step
async def plans_an_event(walk: Walk) -> None:
    """It plans an event somewhere, and finds it again."""
    event = await planned(walk)

    assert (event.location, event.status) == ("Library", discord.EventStatus.scheduled)
    assert event.id in [one.id for one in await walk.guild.fetch_scheduled_events()]
    assert (await walk.hears("scheduled_event_create")).id == event.id


@step
async def plans_an_event_in_voice(walk: Walk) -> None:
    """It plans an event in a voice channel."""
    place = await walk.guild.create_voice_channel("stage door")
    event = await walk.guild.create_scheduled_event(
        name="Talk",
        start_time=datetime.now(UTC) + SOON,
        channel=place,
        entity_type=discord.EntityType.voice,
        privacy_level=discord.PrivacyLevel.guild_only,
    )

    assert event.channel_id == place.id


@step
async def hears_who_will_come(walk: Walk) -> None:
    """It hears which users will come to an event and which will not, and lists them."""
    event = await planned(walk)
    kept = walk.home.scheduled[str(event.id)]
    await walk.ann.plans(kept)
    await walk.hears("scheduled_event_user_add")
    assert [one.name async for one in event.users()] == ["ann"]
    await walk.ann.plans(kept, on=False)

    await walk.hears("scheduled_event_user_remove")
    assert kept.interested == []


@step
async def runs_an_event(walk: Walk) -> None:
    """It renames, starts and ends an event; an ended event cannot begin again."""
    event = await planned(walk)
    event = await event.edit(name="Late tea")
    event = await event.start()
    event = await event.end()

    assert (event.name, event.status) == ("Late tea", discord.EventStatus.completed)
    path = f"/guilds/{walk.guild.id}/scheduled-events/{event.id}"
    assert await refusal(walk.asks("PATCH", path, json={"status": 2})) == 180000


@step
async def deletes_an_event(walk: Walk) -> None:
    """It deletes an event."""
    event = await planned(walk)
    await event.delete()

    assert await refusal(walk.guild.fetch_scheduled_event(event.id)) == 10070


@step
async def hears_of_a_sale(walk: Walk) -> None:
    """It hears of a purchase, its end, and its refund; a refund is listed only on request."""
    sku = walk.server.store.sells("Gold")
    bought = await walk.server.store.buys(walk.ann.user, sku)
    assert (await walk.hears("entitlement_create")).id == int(bought.id)
    await walk.server.store.cancels(bought)
    assert (await walk.hears("entitlement_update")).ends_at is not None
    await walk.server.store.refunds(bought)
    assert (await walk.hears("entitlement_delete")).deleted

    ever = discord.Object(1 << 62)  # without an end discord.py forgets to ask for deleted ones
    shown = [one.id async for one in walk.client.entitlements(before=ever)]
    every = [one.id async for one in walk.client.entitlements(before=ever, exclude_deleted=False)]
    assert (int(bought.id) in shown, int(bought.id) in every) == (False, True)


@step
async def lists_what_it_sells(walk: Walk) -> None:
    """It lists what it sells, and reads one entitlement of a user."""
    sku = walk.server.store.sells("Silver")
    bought = await walk.server.store.buys(walk.bob.user, sku)
    own = [
        one async for one in walk.client.entitlements(user=walk.member(walk.bob), skus=[discord.Object(int(sku.id))])
    ]

    assert "Silver" in [one.name for one in await walk.client.fetch_skus()]
    assert [one.id for one in own] == [int(bought.id)]
    assert (await walk.client.fetch_entitlement(int(bought.id))).user_id == int(walk.bob.id)


@step
async def grants_a_trial(walk: Walk) -> None:
    """It grants a trial, which has no end, and ends it."""
    sku = walk.server.store.sells("Trial")
    owner = discord.EntitlementOwnerType.user
    await walk.client.create_entitlement(discord.Object(int(sku.id)), walk.member(walk.ann), owner)
    (trial,) = [one async for one in walk.client.entitlements(skus=[discord.Object(int(sku.id))])]
    assert (trial.ends_at, trial.is_expired()) == (None, False)
    await trial.delete()

    assert await refusal(walk.client.fetch_entitlement(trial.id)) == 10124


@step
async def uses_something_up(walk: Walk) -> None:
    """It uses up an item that can be bought again."""
    bought = await walk.server.store.buys(walk.ann.user, walk.server.store.sells("Boost", CONSUMABLE))
    await (await walk.client.fetch_entitlement(int(bought.id))).consume()

    assert bought.is_consumed


@step
async def keeps_its_commands(walk: Walk) -> None:
    """It registers commands, reads them, changes one and deletes it."""
    walk.client.tree.clear_commands(guild=None)

    @walk.client.tree.command(name="greet", description="Say hello")
    async def greet(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("hello")

    (synced,) = await walk.client.tree.sync()
    assert (await walk.client.tree.fetch_command(synced.id)).name == "greet"
    assert [one.id for one in await walk.client.tree.fetch_commands()] == [synced.id]
    assert (await synced.edit(description="Greet")).description == "Greet"
    answer = await (await walk.ann.slash(walk.place, "greet")).done()
    assert answer.content == "hello"
    await synced.delete()

    assert await walk.client.tree.fetch_commands() == []


@step
async def answers_in_time(walk: Walk) -> None:
    """It defers an answer, gives it in private, and adds a message."""
    walk.client.tree.clear_commands(guild=None)

    @walk.client.tree.command(name="think", description="Think")
    async def think(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content="thought")
        await interaction.followup.send("twice", ephemeral=True)

    await walk.client.tree.sync()
    answer = await (await walk.ann.slash(walk.place, "think")).done()
    while not answer.followups:
        answer.changed.clear()
        await answer.changed.wait()

    assert (answer.deferred, answer.ephemeral, answer.text) == (True, True, "thought\ntwice")
    assert "thought" not in [one.text for one in walk.server.visible_to(walk.bob)]


@step
async def offers_buttons_and_forms(walk: Walk) -> None:
    """Its button opens a form, and the values come back."""

    class Form(discord.ui.Modal, title="Why"):
        why: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Reason")

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"because {self.why.value}")

    class Explain(discord.ui.View):
        @discord.ui.button(label="Explain")
        async def explain(self, interaction: discord.Interaction, _: discord.ui.Button[Any]) -> None:
            await interaction.response.send_modal(Form())

    await walk.general.send("why?", view=Explain())
    opened = await (await walk.ann.presses(walk.latest, "Explain")).done()
    answer = await (await walk.ann.submits(opened, {"Reason": "kindness"})).done()

    assert answer.content == "because kindness"


@step
async def offers_a_choice(walk: Walk) -> None:
    """It suggests values while a member types, and offers a command in a message's menu."""
    walk.client.tree.clear_commands(guild=None)

    @walk.client.tree.command(name="set", description="Set")
    async def choose(interaction: discord.Interaction, key: str) -> None:
        await interaction.response.send_message(key)

    @choose.autocomplete("key")
    async def keys(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=one, value=one) for one in ("colour", "size") if one.startswith(typed)]

    @walk.client.tree.context_menu(name="Ask")
    async def ask(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"asked: {message.content}")

    await walk.client.tree.sync()
    said = await walk.ann.says(walk.place, "why?")

    assert [one["value"] for one in await walk.ann.completes(walk.place, "set", {"key": "co"}, focused="key")] == [
        "colour"
    ]
    assert (await (await walk.ann.uses(said, "Ask")).done()).content == "asked: why?"


@step
async def comes_back_after_a_cut(walk: Walk) -> None:
    """After a cut connection it resumes, and is told what it missed."""
    before = walk.server.resumed
    await walk.server.cut()
    missed = await walk.ann.says(walk.place, "missed")

    assert (await walk.hears("message")).id == int(missed.id)
    assert walk.server.resumed == before + 1
    assert walk.client.get_guild(int(walk.home.id)) or absent("guild")
