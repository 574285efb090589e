"""What limits a plan? One record a limit, in the file of its subject."""
