"""What a note says just now: facts from other rooms, with names only as consents allow."""
