"""What somebody buys, as rules of loyalty see it, and money shared out to the penny."""
