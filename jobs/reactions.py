"""What follows from what: event → kinds of jobs, the whole of it in one dictionary."""

from retail.journeys import rank_look
from retail.outfits.events import OutfitPublished, OutfitPutAway

REACTIONS: dict[type, tuple[str, ...]] = {
    OutfitPublished: (rank_look.JOB,),
    OutfitPutAway: (rank_look.JOB,),
}
