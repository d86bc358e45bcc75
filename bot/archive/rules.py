"""What may be published of what members wrote."""

from enum import Enum


class Consent(Enum):
    """How a member's questions and answers may be published."""

    NAMED = "named"
    #: also of whoever said nothing
    ANONYMOUS = "anonymous"
    NONE = "none"


UNSAID = Consent.ANONYMOUS
