"""The same piece as a friend: at the shelf, and at occasions."""
