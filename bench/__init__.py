"""Figures: ratios that hold on any machine, each from one interleaved run. `python -m bench`."""
