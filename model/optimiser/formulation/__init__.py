"""What is the problem, as mathematics?"""
