"""Pages, a folder per audience, one file per subject."""
