"""What in the user's files is probably wrong, though nothing in them is a fault?"""
