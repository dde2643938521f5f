"""What machines ask of a running installation."""
