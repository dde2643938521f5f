"""What chosen friends say of pieces, a look or a picture, until a room is wiped or a day over."""
