"""Which questions are there? One a file; what they need is loaded when they are asked."""
