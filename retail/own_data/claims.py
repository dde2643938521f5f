"""Every column that names a person: where its member reads it, and what erasure does to it. Pure.

A new such column needs its line here; a test walks the schema and fails until it has one.
"""

from dataclasses import dataclass

DELETED = "The row is deleted."


@dataclass(frozen=True)
class Claim:
    """What becomes of the rows in which a column names somebody.

    `export` is the part of the member's copy in which they stand; where there is none,
    `not_exported` says why. `erasure` says in a sentence what erasing does; `is_kept` that the
    column still holds the member's id afterwards, which by then leads to nobody.
    """

    erasure: str = DELETED
    export: str | None = None
    not_exported: str = ""
    is_kept: bool = False


_OPAQUE = "The id stays, and leads to an emptied row: no name, address or date stands behind it."

CLAIMS: dict[str, Claim] = {
    "member.id": Claim(
        "The row is emptied: no address, name, sizes or birth date; only the id stays.",
        export="profile",
        is_kept=True,
    ),
    "member_session.member_id": Claim(export="profile"),
    "identity.member_id": Claim(export="profile"),
    "consent.member_id": Claim(export="consents"),
    "disclosure.member_id": Claim(export="looks_at_my_data"),
    "disclosure.viewer_id": Claim(
        "The row goes with the member whose data was seen.",
        not_exported="It says which member of staff looked, and their name is theirs.",
    ),
    "own_copy.member_id": Claim(not_exported="It is the copy itself."),
    "replay.owner_id": Claim(not_exported="It repeats answers that were given before."),
    "receipt.member_id": Claim(
        "The receipt stays for the shop’s books and belongs to nobody.", export="receipts"
    ),
    "hold.holder_id": Claim("The row is deleted; its piece is free.", export="holds"),
    "offer.member_id": Claim(export="offers"),
    "offer.friend_id": Claim(
        "The offer stays with whom it was made to, and names nobody.", export="offers"
    ),
    "offer_refusal.member_id": Claim(export="offers"),
    "offer_refusal.friend_id": Claim(
        not_exported="It says who wants no offers with one’s name: that is theirs."
    ),
    "influence_audience.member_id": Claim(export="influence"),
    "influence_audience.stylist_id": Claim(export="influence"),
    "outfit.member_id": Claim(export="outfits"),
    "outfit_like.member_id": Claim(export="likes"),
    "outfit_like.stylist_id": Claim(export="likes"),
    "friendship.member_id": Claim(export="friends"),
    "friendship.friend_id": Claim(export="friends"),
    "friend_invitation.member_id": Claim(export="friends"),
    "member_block.member_id": Claim(export="friends"),
    "member_block.blocked_id": Claim(
        not_exported="To block is silent: who was blocked is not told."
    ),
    "note.member_id": Claim(export="notes"),
    "note_choice.member_id": Claim(export="notes"),
    "note_setting.member_id": Claim(export="notes"),
    "range_sign_up.member_id": Claim(export="notes"),
    "push_subscription.member_id": Claim(export="notes"),
    "refused_mail.member_id": Claim(not_exported="A count of mails that came back."),
    "outfit_save.member_id": Claim(export="saved"),
    "outfit_save.stylist_id": Claim(not_exported="It says who keeps one’s look: that is theirs."),
    "saved_piece.member_id": Claim(export="saved_pieces"),
    "pay_day.member_id": Claim(export="pay_day"),
    "product_like.member_id": Claim(export="product_likes"),
    "sent_piece.sender_id": Claim(export="sent_pieces"),
    "sent_piece.receiver_id": Claim(export="sent_pieces"),
    "muted_sender.member_id": Claim(export="sent_pieces"),
    "muted_sender.sender_id": Claim(not_exported="To mute is silent: who was muted is not told."),
    "opinion_request.member_id": Claim(
        "The question is deleted with its picture and every answer.", export="opinions"
    ),
    "opinion_adviser.friend_id": Claim(export="opinions"),
    "opinion_report.member_id": Claim(
        "The report is deleted, as it is whenever what it is about is over.", export="opinions"
    ),
    "visit.member_id": Claim(export="visits"),
    "room_link.member_id": Claim(
        "The row is deleted, as it is whenever the room is wiped.", export="room"
    ),
    "greeting_wish.member_id": Claim(export="greetings"),
    "greeting.member_id": Claim(export="greetings"),
    "kiosk_session.member_id": Claim(
        "The row is deleted, as it is whenever the kiosk is wiped.", export="kiosk"
    ),
    "phone_basket.member_id": Claim(export="basket"),
    "phone_basket_line.member_id": Claim(export="basket"),
    "visited_like.member_id": Claim(export="visits"),
    "visited_like.stylist_id": Claim(
        not_exported="It says who came to a store after a like of one’s look: that is theirs."
    ),
    "same_outfit_question.member_id": Claim(export="same_outfit"),
    "same_outfit_question.friend_id": Claim(
        "What a friend asked stays theirs, and names nobody.", export="same_outfit"
    ),
    "quiet_piece.member_id": Claim(export="same_outfit"),
    "occasion.member_id": Claim(
        "The occasion is deleted with all who were asked.", export="occasions"
    ),
    "occasion_attendance.member_id": Claim(export="occasions"),
    "planned_piece.member_id": Claim(export="occasions"),
    "twin_wish.member_id": Claim(export="occasions"),
    "twin_wish.friend_id": Claim(not_exported="It says who would twin with one: that is theirs."),
    "share.sharer_id": Claim("The link stays and loses the name.", export="shares"),
    "share.stylist_id": Claim(not_exported="A link to one’s look that somebody made: theirs."),
    "touch.member_id": Claim(export="shares"),
    "guest_like.stylist_id": Claim(not_exported="A stranger’s like that waits for a day."),
    "page_post.owner_id": Claim("The post is taken down and loses the name.", export="brand_page"),
    "poll.member_id": Claim("The poll is deleted with every vote in it.", export="polls"),
    "spent_poll.member_id": Claim(export="polls"),
    "poll_vote.member_id": Claim(export="polls"),
    "wall_post.member_id": Claim(export="wall"),
    "wall_report.member_id": Claim(export="wall"),
    "spent_like.member_id": Claim(export="likes"),
    "like_delta.stylist_id": Claim(
        not_exported="It is a like on its way into the counts, for a second at most."
    ),
    "participant.owner_id": Claim(export="league"),
    "standing.owner_id": Claim(
        "The standing leaves every season that still runs.", export="league"
    ),
    "final_standing.owner_id": Claim(_OPAQUE, export="league", is_kept=True),
    "prize_grant.owner_id": Claim(_OPAQUE, export="league", is_kept=True),
    "score_correction.owner_id": Claim(_OPAQUE, export="league", is_kept=True),
    "earlier_rank.owner_id": Claim(export="league"),
    "award.owner_id": Claim(_OPAQUE, export="prizes", is_kept=True),
    "award.settled_by": Claim(
        _OPAQUE,
        not_exported="It says who handed a prize over or kept it back, or that its winner came.",
        is_kept=True,
    ),
    "appeal.member_id": Claim(export="appeals"),
    "experiment_unit.owner_id": Claim(export="experiments"),
    "exposure.owner_id": Claim(export="experiments"),
    "tier_standing.owner_id": Claim(export="tiers"),
    "tier_change.owner_id": Claim(export="tiers"),
    "campaign_use.owner_id": Claim(
        "What it cost stays counted, and belongs to nobody.", export="campaigns"
    ),
    "reward_exchange.owner_id": Claim(
        "What it cost stays in the books, and belongs to nobody.", export="rewards"
    ),
    "ledger_account.owner_id": Claim(_OPAQUE, export="points", is_kept=True),
    "earning_award.owner_id": Claim(_OPAQUE, export="points_earned", is_kept=True),
    "earning_owner.owner_id": Claim(
        _OPAQUE, not_exported="It says that somebody earned points.", is_kept=True
    ),
    "voucher.owner_id": Claim(
        "The voucher belongs to nobody; one that was not used is void.", export="vouchers"
    ),
    "voucher_redemption.owner_id": Claim(
        "The basket stays for the sums, and belongs to nobody.", export="voucher_uses"
    ),
    "voucher_use.owner_id": Claim(
        "The use stays for the sums, and belongs to nobody.", export="voucher_uses"
    ),
}

# Columns that name somebody who works for a brand, and what becomes of them. Staff are no members:
# who opened an account for them keeps it, and erasing a member leaves their work standing.
STAFF = {
    "staff_account.id": "It is disabled when they go, and stays for the histories that name it.",
    "staff_session.staff_id": "It ends with their day, and with their account.",
    "wall_decision.staff_id": "It stays as long as the look that was decided on.",
    "award_release.by_id": "It stays with the prize that was let go.",
    "award_doubt.settled_by": "It stays with the prize that was decided on.",
    "review_case.decided_by": "It stays with the case that was decided.",
    "appeal.answered_by": "It goes with the appeal that was answered.",
    "earning_terms.made_by": "It stays with the version of the terms that was set.",
    "tier_ladder.published_by": "It stays with the version of the ladder that was set.",
    "offer_terms.set_by": "It stays with the version of the terms that was set.",
    "wall_word.staff_id": "It stays until the word is allowed again.",
    "reward.made_by": "It stays with the reward that was offered.",
    "room_request.staff_id": "It stays with the request, for how long people wait.",
}

# Columns that end like an id of somebody, have no foreign key, and name no person.
NOT_PEOPLE = {
    "programme_id": "a brand, as the loyalty library knows it",
    "experiment_id": "an experiment, as the loyalty library knows it",
    "scope_id": "a brand or a store, as the loyalty library knows it",
    "brand_id": "a brand",
    "zone_id": "a part of a store’s floor",
    "store_id": "a store",
    "outfit_id": "an outfit, counted without a join",
    "visit_id": "a check-in, whose row names its member",
    "case_id": "likes under review, which name nobody as a case",
    "answer_by": "the instant by which a review is to be answered",
    "campaign_id": "a campaign, as the loyalty library knows it",
    "voucher_id": "a voucher, as the loyalty library knows it",
    "contest_id": "a season, as the loyalty library knows it",
    "rule_id": "a rule by which points are earned",
    "line_id": "a line of a receipt, as the loyalty library knows it",
    "share_id": "a link to an outfit",
    "link_id": "a phone’s link to a room, by a random number, gone when the room is wiped",
    "request_id": "a question to friends, by a random number",
    "cluster_id": "people who were drawn together, under a hash",
    "post_id": "a post, as the page that it hangs on knows it",
    "invitation_id": "an invitation, whose row goes long before the friendship",
    "worn_by": "who wore a style in public, as the shop tells it",
    "terms_id": "what a voucher gives",
    "back_by": "whether its owner gave a reward back, or staff did",
}

# What else may lead to somebody, though no column names them.
TRACES = {
    "sign_in_code": "An address that asked for a code, until the mail has left; then its keyed"
    " hash, for an hour. Erasing deletes them.",
    "spent_state": "That a sign-in with an account elsewhere came back, under a keyed hash of a"
    " random number, for an hour. It names nobody.",
    "event": "Ids of what happened, for a day. Erasing deletes those that name the member.",
    "job": "Ids of what is to be done, for a week after it is done. Erasing empties those that"
    " name the member.",
    "replay": "What was answered to a repeated request, for a week. Erasing deletes what the"
    " member was answered, and what names them.",
    "seen_visitor": "That a link was followed today, under a keyed hash of the day, the network"
    " address and the browser. It goes when the day is over.",
    "guest_like": "A like of somebody who has not joined, under a keyed hash of what their cookie"
    " holds, for a day. Erasing the stylist deletes it.",
    "tag_sighting": "That a label’s chip was read in a part of a store, under a keyed hash of its"
    " number, for two minutes. Nobody’s name is with it.",
    "room_garment": "What is in a fitting room, under the same hash, until it leaves. Who is in"
    " there is not known.",
    "logs": "Request ids and pseudonyms; no name, address, token or code.",
    "erasures.log": "A keyed hash of each member who was erased, so that no backup brings them"
    " back.",
    "recommender/": "What is bought together, learnt from members who agreed to offers, under no"
    " name. Who left or took that back is not in the next model; the three before it go as others"
    " follow.",
}
