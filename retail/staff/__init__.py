"""Who works here, in which role and where; and the keys with which tills and integrators act."""
