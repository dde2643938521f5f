"""From a shelf to a person: what friends send, and reminders of what is kept."""
