"""What friends lead each other to, and what that is worth."""
