"""What members decide about themselves, and what is kept of them."""
