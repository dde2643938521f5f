"""What we say to people, as text; pure."""
