"""Likes are folded into boards, seasons close, prizes go out and are doubted."""
