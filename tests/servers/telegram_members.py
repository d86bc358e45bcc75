"""Who somebody is in a group, and the links that lead there; what happens among members is left to the world."""

from dataclasses import dataclass
from typing import Literal

from .telegram_updates import Json

Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

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
    #: Names of the rights an administrator lacks, or of the permissions a restricted member lacks.
    denied: frozenset[str] = frozenset()
    is_anonymous: bool = False

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
            known |= {"can_be_edited": False, "is_anonymous": self.is_anonymous}
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
    name: str | None
    creates_join_request: bool
    member_limit: int | None
    expire_date: int | None
    is_revoked: bool = False
    used: int = 0

    def wire(self, creator: Json) -> Json:
        known = {
            "invite_link": self.url,
            "creator": creator,
            "creates_join_request": self.creates_join_request,
            "is_primary": False,
            "is_revoked": self.is_revoked,
            "name": self.name,
            "member_limit": self.member_limit,
            "expire_date": self.expire_date,
        }
        return {name: value for name, value in known.items() if value is not None}
