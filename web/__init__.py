"""HTTP in: pages and API, at the edge where writes are committed."""
