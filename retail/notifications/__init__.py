"""What to say to members, when, and on which channel; each thing once."""
