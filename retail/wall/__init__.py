"""The brand wall: which looks hang on it, and what people decided about them."""
