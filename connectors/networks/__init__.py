"""Social networks: what they take and how they answer."""
