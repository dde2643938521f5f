"""What goes with a purchase: thought of, offered, explained, refused, thanked for."""
