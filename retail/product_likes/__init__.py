"""Likes of goods: who likes what, for friends who may know, and how many, for everybody."""
