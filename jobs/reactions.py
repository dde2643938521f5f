"""What follows from what: event → kinds of jobs, the whole of it in one dictionary.

And what brands' own systems are told: event → a note in its transaction.
"""

from core.outbox import Witness
from retail.catalogue.holds import HoldEnded
from retail.catalogue.importer import CatalogueImported
from retail.consent.events import ConsentGiven, ConsentWithdrawn
from retail.fairness.events import AppealAnswered, CaseDecided
from retail.fitting_rooms.events import PhoneUnlinked
from retail.friends.events import FriendshipEnded, FriendshipMade
from retail.journeys.floor import tell_of_opinions
from retail.journeys.holds import tell_of_holds
from retail.journeys.league import credit_purchase, rank_look, tell_of_prizes, tell_of_seasons
from retail.journeys.league.doubt_prizes import PrizeDoubted
from retail.journeys.league.give_prize import PrizeAwarded, PrizeSettled
from retail.journeys.league.season_close import SeasonClosed
from retail.journeys.looks import hang_on_page, tell_of_decisions, tell_of_polls
from retail.journeys.members import tell_of_friends, tell_of_ranges
from retail.journeys.occasions import tell_of_occasions
from retail.journeys.offers import offer, thank_friend
from retail.journeys.points.review_tier import TierChanged
from retail.journeys.shelf import tell_of_pieces
from retail.journeys.systems import tell_systems
from retail.journeys.tiers import tell_of_tiers
from retail.journeys.vouchers.redeem_vouchers import VouchersUsed
from retail.occasions.events import FriendAsked, PlanChanged, TwinsMade
from retail.opinions import service as opinions
from retail.opinions.events import OpinionAsked
from retail.outfits.events import OutfitChanged, OutfitPublished, OutfitPutAway
from retail.polls.events import PollAsked, PollClosed
from retail.receipts.events import GoodsReturned, ReceiptClaimed, ReceiptRecorded
from retail.sent_pieces.events import PieceSent
from retail.wall.events import WallPostHeld, WallPostShown

REACTIONS: dict[type, tuple[str, ...]] = {
    OutfitPublished: (hang_on_page.LOOK_JOB, rank_look.JOB),
    OutfitChanged: (hang_on_page.LOOK_JOB,),
    OutfitPutAway: (hang_on_page.LOOK_JOB, rank_look.JOB),
    WallPostShown: (hang_on_page.LOOK_JOB, rank_look.JOB, tell_of_decisions.WALL_JOB),
    WallPostHeld: (hang_on_page.LOOK_JOB, rank_look.JOB, tell_of_decisions.WALL_JOB),
    ConsentGiven: (tell_of_occasions.CLASHES_JOB,),
    ConsentWithdrawn: (hang_on_page.MEMBER_JOB,),
    ReceiptRecorded: (credit_purchase.JOB,),
    ReceiptClaimed: (credit_purchase.JOB, offer.CLAIMED_JOB),
    GoodsReturned: (credit_purchase.JOB, thank_friend.RETURNED_JOB),
    HoldEnded: (tell_of_holds.JOB,),
    VouchersUsed: (thank_friend.USED_JOB,),
    CatalogueImported: (tell_of_ranges.JOB,),
    PrizeAwarded: (tell_of_prizes.JOB,),
    PrizeSettled: (tell_of_prizes.END_JOB,),
    PrizeDoubted: (tell_of_prizes.DOUBT_JOB,),
    SeasonClosed: (tell_of_seasons.JOB,),
    CaseDecided: (tell_of_decisions.CASE_JOB,),
    AppealAnswered: (tell_of_decisions.APPEAL_JOB,),
    FriendshipMade: (tell_of_friends.JOB, tell_of_occasions.CLASHES_JOB),
    FriendAsked: (tell_of_occasions.ASKED_JOB,),
    PlanChanged: (tell_of_occasions.CLASHES_JOB,),
    TwinsMade: (tell_of_occasions.TWINS_JOB,),
    PieceSent: (tell_of_pieces.SENT_JOB,),
    OpinionAsked: (tell_of_opinions.JOB,),
    FriendshipEnded: (opinions.PARTED_JOB,),
    PhoneUnlinked: (opinions.UNLINKED_JOB,),
    PollAsked: (tell_of_polls.JOB,),
    TierChanged: (tell_of_tiers.JOB,),
    PollClosed: (tell_of_polls.RESULT_JOB,),
}

WITNESSES: dict[type, Witness] = dict.fromkeys(tell_systems.TYPES, tell_systems.note)
