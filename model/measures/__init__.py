"""What can be decided?"""
