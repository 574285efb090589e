"""What do the user's files say?"""
