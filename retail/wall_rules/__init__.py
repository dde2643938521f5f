"""What each brand asks of its wall: banned words, and when people look at looks."""
