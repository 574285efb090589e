"""How fast is the toolkit, measured against the obvious way to do the same? Ratios, each from one run."""
