"""What a purchase or a deed earns: rules in versions that never change, pure of whose they are."""
