"""How is it solved?"""
