"""Whether a friend has this already: asked before paying, answered where both agreed."""
