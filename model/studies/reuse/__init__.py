"""What is there already, and does it hold?"""
