"""Keys with which tills and integrators act for a store or a brand."""
