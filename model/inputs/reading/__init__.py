"""How are the user's files read? With file and line of every value, and every fault noted, none raised."""
