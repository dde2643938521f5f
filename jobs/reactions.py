"""What follows from what: event → kinds of jobs, the whole of it in one dictionary."""

from retail.catalogue.importer import CatalogueImported
from retail.journeys import tell_of_ranges

REACTIONS: dict[type, tuple[str, ...]] = {
    CatalogueImported: (tell_of_ranges.JOB,),
}
