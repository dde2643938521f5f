"""What must survive kill -9, shown on real processes."""
