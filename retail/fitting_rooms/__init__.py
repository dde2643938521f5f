"""What is in a fitting room just now, and what was asked for from it. No person is known here."""
