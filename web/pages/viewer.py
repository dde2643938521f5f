"""Who looks at a brand's page: its member, or a stranger."""

from retail.accounts.queries import MemberView
from web.auth import find_member


def viewer_of(brand_id: str) -> MemberView | None:
    """The signed-in member, where they belong to this brand; another brand's are strangers."""
    member = find_member()
    return member if member is not None and member.brand_id == brand_id else None
