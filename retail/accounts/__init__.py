"""Members: who they are to us, how they sign in, their sizes."""
