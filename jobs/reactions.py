"""What follows from what: event → kinds of jobs, the whole of it in one dictionary."""

from retail.catalogue.importer import CatalogueImported
from retail.consent.events import ConsentWithdrawn
from retail.journeys import credit_purchase, hang_on_page, rank_look, tell_of_ranges
from retail.outfits.events import OutfitChanged, OutfitPublished, OutfitPutAway
from retail.receipts.events import GoodsReturned, ReceiptClaimed, ReceiptRecorded
from retail.wall.events import WallPostHeld, WallPostShown

REACTIONS: dict[type, tuple[str, ...]] = {
    OutfitPublished: (hang_on_page.LOOK_JOB, rank_look.JOB),
    OutfitChanged: (hang_on_page.LOOK_JOB,),
    OutfitPutAway: (hang_on_page.LOOK_JOB, rank_look.JOB),
    WallPostShown: (hang_on_page.LOOK_JOB, rank_look.JOB),
    WallPostHeld: (hang_on_page.LOOK_JOB, rank_look.JOB),
    ConsentWithdrawn: (hang_on_page.MEMBER_JOB,),
    ReceiptRecorded: (credit_purchase.JOB,),
    ReceiptClaimed: (credit_purchase.JOB,),
    GoodsReturned: (credit_purchase.JOB,),
    CatalogueImported: (tell_of_ranges.JOB,),
}
