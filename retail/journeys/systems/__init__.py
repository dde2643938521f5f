"""What brands' own systems are told."""
