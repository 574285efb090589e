"""How is a batch run?"""
