"""What readers of tags send, each in its maker's words, as plain reads."""
