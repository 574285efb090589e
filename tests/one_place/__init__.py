"""Does adding a thing take the edits that CONTRIBUTING states, and no more?"""
