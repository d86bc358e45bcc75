"""A member's status in a group, and the links into it; the world decides what happens among members."""

from dataclasses import dataclass, replace
from typing import Literal

from .telegram_updates import Json

Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

MONTH = 30 * 24 * 3600
RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
    *("can_delete_stories", "can_pin_messages", "can_manage_topics", "can_manage_tags"),
)
PERMISSIONS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos"),
    *("can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages"),
    *("can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info"),
    *("can_invite_users", "can_pin_messages", "can_manage_topics"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    status: Status = "left"
    tag: str = ""
    until_date: int = 0
    #: The rights that an administrator lacks, or the permissions that a restricted member lacks.
    denied: frozenset[str] = frozenset()
    is_anonymous: bool = False
    #: Shown beside an administrator's name.
    custom_title: str = ""
    #: Whether the bot promoted this administrator.
    is_ours: bool = False

    def at(self, now: int) -> "Membership":
        """Bans and restrictions end by themselves."""
        if not 0 < self.until_date <= now:
            return self
        ended: dict[Status, Status] = {"kicked": "left", "restricted": "member"}
        return replace(self, status=ended.get(self.status, self.status), until_date=0, denied=frozenset())

    @property
    def may_write(self) -> bool:
        return self.is_inside and not (self.status == "restricted" and "can_send_messages" in self.denied)

    @property
    def is_inside(self) -> bool:
        return self.status not in ("left", "kicked")

    @property
    def is_staff(self) -> bool:
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and right not in self.denied)

    def wire(self, user: Json) -> Json:
        known: Json = {"status": self.status, "user": user}
        if self.status == "creator":
            known |= {"is_anonymous": self.is_anonymous}
        elif self.status == "administrator":
            known |= {"can_be_edited": self.is_ours, "is_anonymous": self.is_anonymous}
            known |= {"custom_title": self.custom_title} if self.custom_title else {}
            known |= {right: right not in self.denied for right in RIGHTS}
        elif self.status == "restricted":
            known |= {"is_member": True, "until_date": self.until_date}
            known |= {permission: permission not in self.denied for permission in PERMISSIONS}
        elif self.status == "kicked":
            known |= {"until_date": self.until_date}
        return known | ({"tag": self.tag} if self.tag and self.status in ("member", "restricted") else {})


@dataclass(eq=False, slots=True, kw_only=True)
class InviteLink:
    url: str
    name: str | None = None
    creates_join_request: bool = False
    member_limit: int | None = None
    expire_date: int | None = None
    #: In Stars for each thirty days; channels only.
    subscription_price: int | None = None
    is_primary: bool = False
    is_revoked: bool = False
    used: int = 0

    def admits(self, now: int) -> bool:
        full = self.member_limit is not None and self.used >= self.member_limit
        return not (self.is_revoked or full or (self.expire_date is not None and self.expire_date <= now))

    def wire(self, creator: Json, pending: int = 0) -> Json:
        known = {
            "invite_link": self.url,
            "creator": creator,
            "creates_join_request": self.creates_join_request,
            "is_primary": self.is_primary,
            "is_revoked": self.is_revoked,
            "name": self.name,
            "member_limit": self.member_limit,
            "expire_date": self.expire_date,
            "pending_join_request_count": pending or None,
            "subscription_price": self.subscription_price,
            "subscription_period": MONTH if self.subscription_price else None,
        }
        return {name: value for name, value in known.items() if value is not None}
